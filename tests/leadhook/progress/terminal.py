"""Runs a command on a terminal and prints what a person sees there, as one JSON object.

COLUMNS WAITS STDERR PROGRAM ARGUMENT...: presses Ctrl-C once the progress line has shown WAITS different
times; 0 lets the command end by itself. STDERR is `terminal` or `null`.
"""
import fcntl, json, os, pty, re, struct, sys, termios

columns, waits, stderr, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]


def screen(text):
    """The rows that text leaves on the screen: enough of a terminal for lines and a progress line."""
    rows, x, y = {}, 0, 0
    for part in re.findall(r"\x1b\[([\d;]*)([A-Za-z])|([^\x1b])", text):
        count, control, char = part
        if control == "A":
            y = max(0, y - int(count or 1))
        elif control == "B":
            y += int(count or 1)
        elif control == "K":
            rows[y] = rows.get(y, "")[:x] if count in ("", "0") else ""
        elif char == "\r":
            x = 0
        elif char == "\n":
            y += 1
        elif char:
            if x == columns:
                x, y = 0, y + 1
            row = rows.get(y, "").ljust(x)
            rows[y] = row[:x] + char + row[x + 1 :]
            x += 1
    return [rows.get(y, "").rstrip() for y in range(max(rows, default=-1) + 1)]


child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    # Ctrl-C discards output that has not been read yet, which may be the answer to it.
    settings = termios.tcgetattr(0)
    settings[3] |= termios.NOFLSH
    termios.tcsetattr(0, termios.TCSANOW, settings)
    if stderr == "null":
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    os.environ["TERM"] = "xterm"
    os.execv(command[0], command)
written = b""
while True:
    try:
        read = os.read(terminal, 65536)
    except OSError:  # Linux reports the end of a terminal as an error.
        break
    if not read:
        break
    written += read
    if 0 < waits <= len(set(re.findall(rb"next in ([\w. ]+): ", written))):
        os.write(terminal, b"\x03")
        waits = 0
exit_status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
text = written.decode()
plain = re.sub(r"\x1b\[[\d;]*[A-Za-z]", "\r", text)
lines = [line.removesuffix("^C") for line in re.findall(r"[^\r\n]*next in [\w. ]+: [^\r\n]*", plain)]
print(json.dumps({"exit": exit_status, "lines": lines, "screen": screen(text)}))
