// The highlighter takes every line that begins with `>` or `#` for a command: `-->` is output, and
// `# exit 1` is a status.
for (const prompt of document.querySelectorAll("code.language-console .hljs-meta")) {
  if (!prompt.textContent.trim().endsWith("$")) {
    prompt.nextElementSibling?.classList.remove("bash");
    prompt.classList.remove("hljs-meta");
  }
}
