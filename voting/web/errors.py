"""Every refusal as a page or as JSON: the sentence, what to do next, and the code (提示码)."""

from http import HTTPStatus

from flask import Flask, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from voting.errors import Code, Refused
from voting.web.access import is_staff_path
from voting.web.log import log_failure

BY_STATUS = {
    404: Code.NOT_FOUND,
    405: Code.METHOD,
    413: Code.TOO_LARGE,
    500: Code.INTERNAL,
    503: Code.BUSY,
}
MACHINE_PATHS = ("/v/", "/trustee/", "/board/")


def install(app: Flask) -> None:
    """Turn everything that may be raised into an answer; nothing of the exception itself reaches the reader."""

    @app.errorhandler(Refused)
    def refused(error: Refused) -> ResponseReturnValue:
        if error.code is Code.LOGIN_REQUIRED and not wants_json() and "accounts.login" in app.view_functions:
            return redirect(
                url_for("accounts.login", next=request.full_path.rstrip("?") if request.method == "GET" else None)
            )
        return answer(error)

    @app.errorhandler(CSRFError)
    def form_expired(_error: CSRFError) -> Response:
        return answer(Refused(Code.FORM_EXPIRED))

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
        if 300 <= status < 400:
            return error
        response = answer(Refused(BY_STATUS.get(status, Code.BAD_REQUEST)))
        if isinstance(allow := getattr(error, "valid_methods", None), list):
            response.headers["Allow"] = ", ".join(sorted(allow))
        return response

    @app.errorhandler(DataError)
    def impossible_value(error: Exception) -> Response:
        log_failure(error)
        return answer(Refused(Code.BAD_REQUEST))

    @app.errorhandler(OperationalError)
    @app.errorhandler(PoolTimeout)
    def database_busy(error: Exception) -> Response:
        log_failure(error)
        return answer(Refused(Code.BUSY))

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        log_failure(error)
        return answer(Refused(Code.INTERNAL))


def wants_json() -> bool:
    """Whether a program asked: it named JSON, or it called an address of phones and trustees without naming HTML."""
    accepted = request.accept_mimetypes
    named = {value for value, quality in accepted if quality > 0}
    if "text/html" in named:
        return accepted["application/json"] > accepted["text/html"]
    return "application/json" in named or request.path.startswith(MACHINE_PATHS)


def answer(error: Refused) -> Response:
    """The refusal in the form that the caller reads, with the status of its code."""
    sentence = error.sentence
    if wants_json():
        response = jsonify(error=error.code.value, zh=sentence.zh, en=sentence.en, detail=error.detail)
    else:
        page = "errors/office.html" if is_staff_path(request.path) else "errors/phone.html"
        response = make_response(render_template(page, code=error.code.value, sentence=sentence, detail=error.detail))
    response.status_code = sentence.status
    if sentence.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "2"
    return response
