"""Answers every request with one reply, over http and https on loopback: as little of a server as
there can be, so that what is measured is the client.

    server.py REPLY CERTIFICATE KEY

Prints the two ports, http first, and serves until its stdin ends.
"""

import os
import pathlib
import socket
import ssl
import sys
import threading


def serve(connection, reply, tls):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        with tls.wrap_socket(connection, server_side=True) if tls else connection as stream:
            asked = b""
            while chunk := stream.recv(65536):
                asked += chunk
                while b"\r\n\r\n" in asked:
                    _, asked = asked.split(b"\r\n\r\n", 1)
                    stream.sendall(reply)
    except OSError:
        pass  # The client has what it wanted.


def accept(listener, reply, tls):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, reply, tls), daemon=True).start()


def main():
    body = pathlib.Path(sys.argv[1]).read_bytes()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sys.argv[2], sys.argv[3])
    ports = []
    for context in (None, tls):
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        ports.append(listener.getsockname()[1])
        arguments = (listener, head.encode() + body, context)
        threading.Thread(target=accept, args=arguments, daemon=True).start()
    print(*ports, flush=True)
    while os.read(0, 4096):
        pass


main()
