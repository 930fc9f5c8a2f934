"""Types into an interactive shell on a terminal and prints the lines that result, as a JSON array.

COMMAND PROMPT KEYS...: COMMAND is a JSON array. The shell must bind Ctrl-X Ctrl-P to printing its current
line between `<<` and `>>` and clearing it; this is pressed after each KEYS.
"""
import fcntl, json, os, pty, re, select, signal, struct, sys, termios, time

command, prompt, steps = json.loads(sys.argv[1]), sys.argv[2].encode(), sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 1000, 0, 0))
    os.execvp(command[0], command)
written = b""


def wait_for(found):
    """Reads until `found` returns something true. A busy machine may take long for one step."""
    global written
    end = time.monotonic() + 120
    while not found():
        if not select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
            sys.exit(f"{command[0]} does not respond: {written!r}")
        written += os.read(terminal, 65536)


def lines():
    return re.findall(rb"<<(.*?)>>", written, re.DOTALL)


# A shell reads keys of its own only after it has shown its prompt.
wait_for(lambda: prompt in written)
for number, keys in enumerate(steps):
    os.write(terminal, keys.encode() + b"\x18\x10")
    wait_for(lambda: len(lines()) > number)
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
print(json.dumps([line.decode() for line in lines()]))
