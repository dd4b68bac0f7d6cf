"""What a document must never reach, however its text or its template is written."""

import io
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pikepdf
import pytest
from weasyprint import HTML

SECRET = "SLAPTAS-RAKTAS-73519"


@pytest.fixture
def server():
    """A server on loopback that notes every request."""
    hits = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    web = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    web.hits, web.url = hits, f"http://127.0.0.1:{web.server_port}"
    yield web
    web.shutdown()
    web.server_close()


WAYS_OUT = [
    '<img src="URL/a.png" alt="a">',
    '<img srcset="URL/a.png 2x" src="URL/a.png" alt="a">',
    '<link rel="stylesheet" href="URL/a.css">',
    '<link rel="attachment" href="URL/a.txt">',
    '<a rel="attachment" href="URL/a.txt">a</a>',
    '<object data="URL/a.svg" type="image/svg+xml">a</object>',
    '<embed src="URL/a.svg" type="image/svg+xml">',
    '<style>@import url("URL/a.css");</style>',
    '<style>@font-face { font-family: X; src: url("URL/a.ttf") } p { font-family: X }</style><p>a',
    '<p style="background: url(URL/a.png)">a',
    '<p style="list-style-image: url(URL/a.png); display: list-item">a',
    '<style>p::before { content: url("URL/a.png") }</style><p>a',
    '<style>@page { background: url("URL/a.png") }</style>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="URL/a.png" width="9" height="9"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><use href="URL/a.svg#a"/></svg>',
    '<img alt="a" src=\'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><image href="URL/a.png"/></svg>\'>',
    '<base href="URL/"><img src="a.png" alt="a">',
    '<iframe src="URL/a.html"></iframe>',
]


@pytest.mark.parametrize("way", WAYS_OUT)
def test_nothing_in_a_document_reaches_the_network(pdf_of, server, way):
    assert pdf_of(way.replace("URL", server.url)).startswith(b"%PDF")
    assert server.hits == []


@pytest.mark.parametrize("way", WAYS_OUT)
def test_nothing_in_a_document_reads_a_file(pdf_of, text_of, tmp_path, way):
    secret = tmp_path / "a"
    for ending in ("png", "css", "txt", "svg", "ttf", "html"):
        secret.with_suffix(f".{ending}").write_text(SECRET)
    pdf = pdf_of(way.replace("URL", f"file://{tmp_path}"))
    assert SECRET not in text_of(pdf)
    assert SECRET.encode() not in uncompressed(pdf)


def test_the_same_documents_would_reach_out_if_they_could(server):
    for way in WAYS_OUT:
        HTML(string=way.replace("URL", server.url)).write_pdf()
    assert len(server.hits) >= 12, "otherwise the tests above prove nothing"


def uncompressed(pdf: bytes) -> bytes:
    out = io.BytesIO()
    pikepdf.open(io.BytesIO(pdf)).save(
        out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all
    )
    return out.getvalue()


def test_redirect_out_of_a_data_address_is_not_followed(pdf_of, server):
    pdf_of(f'<link rel="stylesheet" href="data:text/css,@import url({server.url}/b.css);">')
    assert server.hits == []
