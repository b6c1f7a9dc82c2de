"""The start page and the frame around every answer."""


def test_the_start_page_says_that_state_secrets_do_not_belong_here(client):
    page = client.get("/")
    assert page.status_code == 200
    assert "不得处理国家秘密" in page.text


def test_the_login_page_and_the_users_page_render(client, office_client):
    assert client.get("/login").status_code == 200
    assert office_client.get("/office/users").status_code == 200
