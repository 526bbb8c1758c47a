"""Raw clients of the port for browsers: web_clients.py HOST:PORT RUN

Each checks one answer, or that the port lets go of a client in time.
"""
import json
import os
import re
import signal
import socket
import ssl
import struct
import sys
import time
import urllib.request

ADDRESS, RUN = sys.argv[1:]
HOST, PORT = ADDRESS.split(":")
TLS = ssl.create_default_context(cafile=f"{RUN}/public/ca.pem")
TOKEN = open(f"{RUN}/moderators/anna.token").read().strip()
LIST = "/frank.v1.QueueService/ListQueues"
WATCH = "/frank.v1.QueueService/WatchCases"


def plain():
    return socket.create_connection((HOST, int(PORT)), timeout=30)


def connect():
    return TLS.wrap_socket(plain(), server_hostname=HOST)


def head(path, length, media="application/json", extra="", method="POST"):
    return (f"{method} {path} HTTP/1.1\r\nHost: {ADDRESS}\r\n"
            f"Authorization: Bearer {TOKEN}\r\nContent-Type: {media}\r\n"
            f"{extra}Content-Length: {length}\r\n\r\n").encode()


def read_answer(client):
    """One answer with a length: its status, headers and body."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = client.recv(65536)
        if not more:
            return 0, {}, data
        data += more
    top, body = data.split(b"\r\n\r\n", 1)
    lines = top.decode().split("\r\n")
    headers = {k.lower(): v for k, v in (x.split(": ", 1) for x in lines[1:])}
    while len(body) < int(headers.get("content-length", 0)):
        body += client.recv(65536)
    return int(lines[0].split()[1]), headers, body


def ask(request):
    with connect() as client:
        client.sendall(request)
        return read_answer(client)


def check(what, condition):
    if not condition:
        sys.exit(f"web_clients: {what}: not so")
    print(f"✓ {what}")


def frames(client):
    """Frames of a chunked answer, as they come."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += client.recv(65536)
    data, body = data.split(b"\r\n\r\n", 1)[1], b""
    while True:
        found = re.match(rb"([0-9a-fA-F]+)\r\n", data)
        size = int(found[1], 16) if found else None
        if found and len(data) >= found.end() + size + 2:
            body += data[found.end():found.end() + size]
            data = data[found.end() + size + 2:]
            while len(body) >= 5 and len(body) >= 5 + struct.unpack(">I", body[1:5])[0]:
                length = struct.unpack(">I", body[1:5])[0]
                yield body[0], body[5:5 + length]
                body = body[5 + length:]
            if size == 0:
                return
            continue
        more = client.recv(65536)
        if not more:
            return
        data += more


def watch(client, extra="", media="application/connect+json"):
    client.sendall(head(WATCH, 7, media, extra) + b"\0\0\0\0\2{}")
    return frames(client)


def metric(name):
    address = open(f"{RUN}/moderation/metrics.address").read().strip()
    text = urllib.request.urlopen(f"http://{address}/metrics").read().decode()
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
               if line.startswith(name))


def bodies():
    started = time.monotonic()
    status, headers, _ = ask(head(LIST, 2 << 20))
    check("a body that is too large is refused before it comes",
          status == 413 and headers["connection"] == "close"
          and time.monotonic() - started < 5)
    status, _, _ = ask(b"POST " + LIST.encode() + b" HTTP/1.1\r\nHost: x\r\n"
                       b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    check("a body without a length is refused", status == 411)
    status, _, _ = ask(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 20000)
    check("a line without an end is refused", status == 431)
    token = head(LIST, 2).replace(b"Bearer ", b"Bearer \t ") + b"{}"
    check("what metadata cannot hold is refused", ask(token)[0] == 400)
    with connect() as client:
        client.sendall(head(LIST, 2) + b"{}" + head(LIST, 2) + b"{}")
        first, second = read_answer(client), read_answer(client)
        check("two requests at once get two answers", first[0] == second[0] == 200)


def pages():
    for path in ("/../../etc/passwd", "/assets/../../moderation/tls.key",
                 "/%2e%2e/moderation/config", "/.."):
        status, _, body = ask(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        check(f"nothing at {path}", status == 404)
    status, headers, body = ask(b"GET /cases/1 HTTP/1.1\r\nHost: x\r\n\r\n")
    check("a path of the tool is its page", status == 200 and b"Review" in body)
    for name in ("content-security-policy", "x-frame-options",
                 "x-content-type-options"):
        check(f"it has {name}", name in headers)
    status, _, body = ask(b"GET /config.json HTTP/1.1\r\nHost: x\r\n\r\n")
    vkey = open(f"{RUN}/public/audit.vkey").read().strip()
    check("the tool is told what it asks for first", status == 200
          and json.loads(body) == {"localTokens": True, "auditVkey": vkey})
    status, headers, _ = ask(head(LIST, 2) + b"{}")
    check("answers of calls are not to be kept", headers["cache-control"] == "no-store")
    status, headers, _ = ask(f"GET {LIST} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    check("calls are not for GET", status == 405 and headers["allow"] == "POST")
    check("no Host, no answer", ask(b"GET / HTTP/1.1\r\n\r\n")[0] == 400)


def streams():
    with connect() as client:
        flags, message = next(watch(client))
        check("a stream of JSON begins", flags == 0 and "token" in json.loads(message))
    with connect() as client:
        got = list(watch(client, "Connect-Timeout-Ms: 300\r\n"))
        end = json.loads(got[-1][1])
        check("a stream ends at its deadline, and says so",
              got[-1][0] == 2 and end["error"]["code"] == "deadline_exceeded")
    with connect() as client:
        got = list(watch(client, media="application/connect+proto"))
        check("what is no message ends a stream by its error",
              got[0][0] == 2 and "invalid_argument" in got[0][1].decode())
    name = 'grpc_server_handled_total{method="QueueService.WatchCases",code="CANCELLED"'
    before = metric(name)
    client = connect()
    next(watch(client))
    client.close()
    end = time.monotonic() + 5
    while metric(name) == before and time.monotonic() < end:
        time.sleep(0.05)
    check("a client that goes ends its call", metric(name) == before + 1)


def drips():
    """Each is let go of by its own deadline, however it drips."""
    silent, slow_head, slow_body = plain(), connect(), connect()
    slow_body.sendall(head(LIST, 1000))
    started = time.monotonic()
    ended = {}
    clients = {"silent": silent, "head": slow_head, "body": slow_body}
    for client in clients.values():
        client.settimeout(0.1)
    while len(ended) < 3 and time.monotonic() - started < 40:
        for name, client in clients.items():
            if name in ended:
                continue
            try:
                if name != "silent":
                    client.sendall(b"a")
                if not client.recv(1000):
                    ended[name] = time.monotonic() - started
            except (TimeoutError, socket.timeout):
                pass
            except OSError:
                ended[name] = time.monotonic() - started
    for name, most in (("silent", 15), ("head", 15), ("body", 28)):
        check(f"a dripping client is let go: {name}", ended.get(name, 99) < most)


def crowd():
    clients = [connect() for _ in range(32)]
    status, headers, _ = ask(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    check("too many connections of an address are told so",
          status == 429 and "x-frame-options" in headers)
    silent, started = plain(), time.monotonic()
    check("one that then says nothing is soon let go",
          not silent.recv(1) and time.monotonic() - started < 8)
    for client in clients:
        client.close()
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if ask(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")[0] == 200:
            break
    check("and are served again when the others have gone", time.monotonic() < end)


def drain():
    """Last: the server ends under an open stream."""
    with connect() as client:
        stream = watch(client)
        next(stream)
        os.kill(int(open(f"{RUN}/moderation/pid").read()), signal.SIGTERM)
        flags, message = list(stream)[-1]
        check("a server that ends says so on its streams",
              flags == 2 and json.loads(message)["error"]["code"] == "unavailable")


bodies()
pages()
streams()
crowd()
drips()
drain()
