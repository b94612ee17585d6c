// A server as a first course writes it: a Python program, kept as text so that it can be passed to python3 from inside
// an archive.

/**
 * Arguments: host and port. Listens there without SO_REUSEADDR, greets one client, and closes first. Prints one line:
 * `listening`, or the error's number and text where it cannot listen. Exits after 10 s without a client.
 */
export const PREVIOUS_OWNER = `
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
ss = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
try:
    ss.bind((host, port))
    ss.listen(1)
except OSError as error:
    print(error.errno, error.strerror, flush=True)
    sys.exit(1)
print("listening", flush=True)
ss.settimeout(10)
csockid, addr = ss.accept()
csockid.send("Welcome to CS 352!".encode())
csockid.close()
ss.close()
`;
