"""Answers every GET with one reply, over http and https on loopback, and every POST as an upload, whose
body it reads and forgets: as little of a server as there can be, so that what is measured is the client.

    server.py REPLY CERTIFICATE KEY

Prints the two ports, http first, and serves until its stdin ends.
"""

import os
import pathlib
import re
import socket
import ssl
import sys
import threading


def response(body):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


UPLOADED = response(b'{"code":"0000","msg":"success","data":{"videoNo":"VI1","videoName":"film.mp4"}}')


def skip(stream, left, buffer):
    """Reads `left` bytes and forgets them."""
    while left > 0 and (read := stream.recv_into(buffer, min(left, len(buffer)))):
        left -= read


def serve(connection, reply, tls):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    buffer = bytearray(1 << 20)
    try:
        with tls.wrap_socket(connection, server_side=True) if tls else connection as stream:
            asked = b""
            while chunk := stream.recv(65536):
                asked += chunk
                while b"\r\n\r\n" in asked:
                    head, asked = asked.split(b"\r\n\r\n", 1)
                    length = re.search(rb"(?i)\ncontent-length: *(\d+)", head)
                    if length is None:
                        stream.sendall(reply)
                        continue
                    if re.search(rb"(?i)\nexpect: *100-continue", head):
                        stream.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                    # Clients send nothing after a body before it is answered.
                    skip(stream, int(length[1]) - len(asked), buffer)
                    asked = b""
                    stream.sendall(UPLOADED)
    except OSError:
        pass  # The client has what it wanted.


def accept(listener, reply, tls):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, reply, tls), daemon=True).start()


def main():
    reply = response(pathlib.Path(sys.argv[1]).read_bytes())
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sys.argv[2], sys.argv[3])
    ports = []
    for context in (None, tls):
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        ports.append(listener.getsockname()[1])
        arguments = (listener, reply, context)
        threading.Thread(target=accept, args=arguments, daemon=True).start()
    print(*ports, flush=True)
    while os.read(0, 4096):
        pass


main()
