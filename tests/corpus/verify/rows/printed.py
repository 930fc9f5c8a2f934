"""What libraries print where it differs from `json.dumps`: the bytes are made here by hand."""

import json

from .requests import whole


def compact(value, **options):
    """No space anywhere."""
    return json.dumps(value, separators=(",", ":"), **options)


def unicode(value, **options):
    """No space anywhere, and every letter as it is."""
    return compact(value, ensure_ascii=False, **options)


def html_escaped(text, letters, upper=False):
    """Some letters as `\\u` escapes, as Go, Rails, Gson and .NET have them."""
    form = "\\u{:04X}" if upper else "\\u{:04x}"
    for letter in letters:
        text = text.replace(letter, form.format(ord(letter)))
    return text


def php(value):
    """`json_encode`: slashes and letters beyond ASCII are escaped."""
    return compact(value).replace("/", "\\/")


def php_pretty(value):
    """`json_encode` with `JSON_PRETTY_PRINT`."""
    return json.dumps(value, indent=4).replace("/", "\\/")


def php_slashes(value):
    """`json_encode` with `JSON_UNESCAPED_SLASHES`: of whole numbers, what Python prints compactly."""
    return compact(value)


def php_unicode(value):
    """`json_encode` with `JSON_UNESCAPED_UNICODE`."""
    return unicode(value).replace("/", "\\/")


def sorted_compact(value):
    """`json.dumps` with `sort_keys=True` and without spaces."""
    return compact(value, sort_keys=True)


def pretty(value):
    """`pretty_generate` of Ruby."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def rails(value):
    """`to_json` of Rails."""
    return html_escaped(unicode(value), "<>&")


def go_map(value, **options):
    """`json.Marshal` of a map: sorted, with doubles alone."""
    return html_escaped(unicode(value, sort_keys=True, **options), "<>&")


def go_indented(value, indent="\t"):
    """`json.MarshalIndent` of a map."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=indent)
    return html_escaped(text, "<>&")


def go_spaced(value):
    """The same with two spaces."""
    return go_indented(value, indent=2)


def go_encoder(value):
    """`Encoder.Encode` of a map, which ends the line."""
    return go_map(value) + "\n"


def go_struct(value):
    """`json.Marshal` of a struct: in the order of its fields, with doubles alone."""
    return html_escaped(unicode(whole(value)), "<>&")


def gson(value):
    """`toJson` of Gson."""
    return html_escaped(unicode(value), "<>&='")


def gson_pretty(value):
    """`toJson` of Gson with `setPrettyPrinting()`."""
    return html_escaped(pretty(value), "<>&='")


def jackson_pretty(value):
    """The default printer of Jackson: ` : `, and arrays on one line."""

    def printed(value, depth):
        if isinstance(value, dict):
            inner = "  " * (depth + 1)
            members = (f"{inner}{unicode(name)} : {printed(member, depth + 1)}" for name, member in value.items())
            return "{\n" + ",\n".join(members) + "\n" + "  " * depth + "}"
        if isinstance(value, list):
            return "[ " + ", ".join(printed(item, depth) for item in value) + " ]"
        return unicode(value)

    return printed(value, 0)


def system_indented(value):
    """`JsonSerializer.Serialize` with `WriteIndented`."""
    return system_text_json(value, indent=2, separators=(",", ": "))


def system_text_json(value, **options):
    """`JsonSerializer.Serialize`: what HTML minds is escaped, and all beyond ASCII, in capitals."""
    text = json.dumps(value, **({"separators": (",", ":")} | options)).replace('\\"', "\\u0022")
    text = html_escaped(text, "<>&'+`", upper=True)
    out = []
    at = 0
    while at < len(text):
        if text.startswith("\\u", at):
            out.append("\\u" + text[at + 2 : at + 6].upper())
            at += 6
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def newtonsoft(value):
    """Newtonsoft.Json: small numbers have a capital `E`."""
    return unicode(value).replace("1e-05", "1E-05")


def serde_sorted(value):
    """`serde_json` without `preserve_order`: sorted."""
    return unicode(value, sort_keys=True)
