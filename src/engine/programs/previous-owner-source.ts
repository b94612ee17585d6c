// A server as a first course writes it, as the text of a Python program: kept as text, so that it can be handed to
// python3 from inside an archive. previous-owner.ts runs it.

/**
 * Takes host and port as arguments, listens there without SO_REUSEADDR, greets one client, and closes first. Prints one
 * line: `listening`, or the error's number and words where it cannot listen. Gives up where nobody comes.
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
