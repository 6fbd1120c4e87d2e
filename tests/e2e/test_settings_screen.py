"""People and their roles."""

from playwright.sync_api import expect

from tests.e2e.conftest import NAME


def test_a_role_that_the_server_refuses_is_not_shown_as_if_it_held(shared_server, watch):
    page = watch(shared_server).open("/settings")
    role = page.get_by_label(f"Role: {NAME}")

    role.select_option("viewer")

    expect(page.get_by_text("That is the last admin.")).to_be_visible()
    expect(role).to_have_value("admin")


def test_a_role_that_was_changed_is_shown(shared_server, watch):
    visitor = watch(shared_server)
    body = {"name": "lee", "password": "correct horse", "role": "viewer"}
    assert shared_server.call("POST", "/api/v1/users", body)[0] == 201
    page = visitor.open("/settings")
    role = page.get_by_label("Role: lee")

    role.select_option("operator")
    expect(role).to_have_value("operator")
    page.reload()

    expect(role).to_have_value("operator")
