"""Runs the example configurations: real nginx and Caddy on free ports, and behind them services that only say who they are."""

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
NAME = "vote.example.gov.cn"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
CADDY = shutil.which("caddy")
DNSMASQ = shutil.which("dnsmasq", path="/usr/sbin:/usr/bin:/usr/local/bin")


@dataclass
class Stub:
    """A service that answers every request with its name and keeps what it was sent."""

    name: str
    gone: bool = False
    seen: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if stub.gone:
                    self.close_connection = True
                    return
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                stub.seen.append((self.path, {key.lower(): value for key, value in self.headers.items()}, body))
                self.send_response(200)
                self.send_header("Content-Length", str(len(stub.name)))
                self.end_headers()
                self.wfile.write(stub.name.encode())

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Take no request any more, not even on a line that is open."""
        self.gone = True
        self.server.shutdown()
        self.server.server_close()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def certificate(folder: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
         "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs. Every file that it could write lies in `folder`."""

    plain: int
    tls: int
    folder: Path

    def ask(self, path: str, *, tls: bool = True, host: str = NAME, body: bytes | None = None) -> tuple[int, str]:
        """Status and text; ConnectionError or OSError where it is refused."""
        status, _headers, text = self.answer(path, tls=tls, host=host, body=body)
        return status, text

    def answer(
        self, path: str, *, tls: bool = True, host: str = NAME, body: bytes | None = None
    ) -> tuple[int, http.client.HTTPMessage, str]:
        with socket.create_connection(("127.0.0.1", self.tls if tls else self.plain), timeout=20) as raw:
            line: socket.socket = raw
            if tls:
                trust = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
                line = trust.wrap_socket(raw, server_hostname=host)
            talk = http.client.HTTPConnection(host)
            talk.sock = line
            talk.request("GET" if body is None else "POST", path, body=body, headers={"Connection": "close"})
            reply = talk.getresponse()
            text = reply.read().decode()
            line.close()
            return reply.status, reply.headers, text

    def written(self) -> str:
        """Whatever the proxy has written anywhere, but its own settings and keys."""
        kept = {
            "nginx.conf",
            "mipiao.conf",
            "mipiao-proxy.inc",
            "Caddyfile",
            "autosave.json",
            "fullchain.pem",
            "privkey.pem",
        }
        files = [path for path in self.folder.rglob("*") if path.is_file() and path.name not in kept]
        return "".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def _swap(text: str, changes: dict[str, str]) -> str:
    for old in changes:
        assert old in text, f"{old!r} does not stand in the example"
    # In one pass, the longest first: a port that was put in must not be taken for an old one.
    either = "|".join(re.escape(old) for old in sorted(changes, key=len, reverse=True))
    return re.sub(either, lambda found: changes[found[0]], text)


def _wait(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return
    raise AssertionError((folder / "output").read_text())


@contextmanager
def _running(command: list[str | Path], proxy: Proxy) -> Iterator[Proxy]:
    env = {"HOME": str(proxy.folder), "XDG_DATA_HOME": str(proxy.folder), "XDG_CONFIG_HOME": str(proxy.folder)}
    with (proxy.folder / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=proxy.folder, env=env, stdout=output, stderr=output)
    try:
        _wait(proxy.plain, process, proxy.folder)
        yield proxy
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def nginx(example: str, folder: Path, ports: dict[str, int]) -> Iterator[Proxy]:
    """nginx with `deploy/nginx/<example>` inside a frame like the distribution's, which logs unless it is told not to."""
    proxy = Proxy(free_port(), free_port(), folder)
    certificate(folder)
    changes = {"/etc/nginx/mipiao-proxy.inc": str(folder / "mipiao-proxy.inc"), "listen 80": f"listen {proxy.plain}"}
    if example != "plain.conf":
        changes |= {"listen 443": f"listen {proxy.tls}", "/etc/mipiao/tls/": f"{folder}/"}
    changes |= {address: f"127.0.0.1:{port}" for address, port in ports.items()}
    shutil.copy(DEPLOY / "nginx" / "mipiao-proxy.inc", folder)
    text = (DEPLOY / "nginx" / example).read_text(encoding="utf-8")
    (folder / "mipiao.conf").write_text(_swap(text, changes), encoding="utf-8")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; user root; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log info;"
        f"events {{}} http {{ access_log {folder}/access.log; {temporary} include {folder}/mipiao.conf; }}"
    )
    with _running([NGINX or "nginx", "-c", folder / "nginx.conf", "-p", folder, "-e", folder / "error.log"], proxy):
        yield proxy


@contextmanager
def caddy(folder: Path, ports: dict[str, int]) -> Iterator[Proxy]:
    """Caddy with the example."""
    proxy = Proxy(free_port(), free_port(), folder)
    certificate(folder)
    changes = {
        "\tadmin off\n": f"\tadmin off\n\thttp_port {proxy.plain}\n\thttps_port {proxy.tls}\n",
        "/etc/mipiao/tls/": f"{folder}/",
        "http://vote.example.gov.cn {": f"http://vote.example.gov.cn:{proxy.plain} {{",
        "\nvote.example.gov.cn {": f"\nvote.example.gov.cn:{proxy.tls} {{",
    } | {address: f"127.0.0.1:{port}" for address, port in ports.items()}
    version = subprocess.run([CADDY or "caddy", "version"], capture_output=True, text=True, check=True).stdout
    if version.lstrip("v").startswith(("2.5", "2.6")):  # as the example says
        changes["request_buffers 8MB"] = "buffer_requests"
    text = (DEPLOY / "caddy" / "Caddyfile").read_text(encoding="utf-8")
    (folder / "Caddyfile").write_text(_swap(text, changes), encoding="utf-8")
    with _running([CADDY or "caddy", "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"], proxy):
        yield proxy
