import base64

from portal.documents.pictures import drawing, qr_image


def test_qr_code_carries_its_text_alternative_escaped():
    image = qr_image(text="https://kelrodis.example/verify/X/", alt='Kodas "<X>"')
    assert 'alt="Kodas &quot;&lt;X&gt;&quot;"' in image
    assert 'src="data:image/svg+xml' in image


def test_same_text_gives_the_same_code_and_another_text_another():
    one, same, other = (
        qr_image(text=text, alt="a") for text in ("HTTPS://A/1", "HTTPS://A/1", "HTTPS://A/2")
    )
    assert one == same != other


def test_drawing_is_the_svg_itself():
    address = drawing("pdf/rose.svg")
    assert base64.b64decode(address.partition("base64,")[2]).startswith(b"<svg")
