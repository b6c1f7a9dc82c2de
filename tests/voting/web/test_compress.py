import gzip

from flask.testing import FlaskClient

CSS = "/static/css/booth.css"


def test_a_static_text_goes_out_gzipped_to_who_can_read_it(client: FlaskClient) -> None:
    packed = client.get(CSS, headers={"Accept-Encoding": "gzip"})
    plain = client.get(CSS)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) * 2 < len(plain.data)


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get(CSS, headers={"Accept-Encoding": "gzip"})
    again = client.get(CSS, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_page_is_never_compressed(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/v", headers={"Accept-Encoding": "gzip"}).headers
