<?php
// Prints each document on standard input again, once in each style that is named.
//
// A line in is one JSON text. A line out is the printed bytes in Base64, or `!` where
// the text cannot be read or printed. The first style comes first, with all documents.
// Run it with `-n`, so that no `php.ini` sets `serialize_precision`.

$both = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE;
$flags = [
    '' => 0,
    '-slashes' => JSON_UNESCAPED_SLASHES,
    '-unicode' => JSON_UNESCAPED_UNICODE,
    '-slashes-unicode' => $both,
    '-pretty' => JSON_PRETTY_PRINT,
    '-pretty-slashes-unicode' => JSON_PRETTY_PRINT | $both,
];

$documents = explode("\n", stream_get_contents(STDIN));
array_pop($documents);
foreach (array_slice($argv, 1) as $code) {
    preg_match('/^php-(array|object)(.*)$/', $code, $parts);
    foreach ($documents as $text) {
        $value = json_decode($text, $parts[1] === 'array');
        $refused = json_last_error() !== JSON_ERROR_NONE;
        $printed = $refused ? false : json_encode($value, $flags[$parts[2]]);
        echo $printed === false ? '!' : base64_encode($printed), "\n";
    }
}
