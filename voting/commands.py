"""The service's commands, for an installation with the server's libraries. `cli.main` decides what to load."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from config import Config, ConfigError
from voting import bench
from voting.trustees.commands import trustee
from voting.verify import command as verify

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}
PASS_ON = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}
MAX_VOTERS, MAX_TRUSTEES = 5000, 9


class Commands(click.Group):
    """Commands that end in a sentence, not in a traceback, where a file or the database cannot be used."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # click ends quietly: the reader has seen enough
        except OSError as error:
            raise click.ClickException(f"文件或地址用不了 / cannot be used: {error}") from error
        except SQLAlchemyError as error:
            why = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise click.ClickException(f"数据库用不了 / the database cannot be used: {why}") from error


@click.group(cls=Commands, context_settings=CONTEXT)
def mipiao() -> None:
    """密票：干部选拔任用工作的无记名投票。 Mipiao: sealed ballots for cadre selection rounds."""


def _configured() -> Config:
    try:
        return Config.for_instance()
    except (ConfigError, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"设置有误 / configuration: {error}") from error


@mipiao.command(short_help="启动服务。 Run the service.")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 / address to listen on")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="端口 / port")
def serve(host: str, port: int) -> None:
    """启动服务；第一次启动时打印一次性设置链接。 Run the service; the first start prints the set-up link.

    设置取自 MIPIAO_* 环境变量。 Settings come from MIPIAO_* variables.
    """
    from voting import serving

    config = _configured()
    link = serving.prepare(config)
    click.echo(f"密票 / Mipiao: {config.base_url}")
    if link:
        click.echo(f"管理员一次性设置链接 / one-time set-up link: {link}")
    sys.stdout.flush()
    serving.run(config, host, port)


@mipiao.command(short_help="演练：模拟手机和保管人走完一次投票。 Play a whole meeting.")
@click.option(
    "--voters",
    required=True,
    type=click.IntRange(5, MAX_VOTERS),
    help="模拟手机数，至少 5 / simulated phones, at least 5",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="结果文件夹 / folder for everything that comes out",
)
@click.option(
    "--trustees", default=3, show_default=True, type=click.IntRange(2, MAX_TRUSTEES), help="密钥保管人数 / trustees"
)
@click.option(
    "--kind",
    default="recommendation",
    show_default=True,
    type=click.Choice(["recommendation", "evaluation"]),
    help="民主推荐或民主测评 / what is played",
)
@click.option("--seed", type=int, help="使填票内容可重复（密钥仍随机） / makes the votes reproducible, never the keys")
def rehearse(voters: int, out: Path, trustees: int, kind: str, seed: int | None) -> None:
    """演练：模拟手机和保管人走完一次投票并核验。 Play a whole meeting with simulated phones and verify it.

    真实的服务，真实的 HTTP；结果留在 --out 文件夹。 The real service over real HTTP; everything is left in --out.
    """
    from voting.rehearse.run import rehearse as play

    sys.exit(play(voters, out, trustees, seed, kind))


@mipiao.command(short_help="演示：虚构的单位和两次演练。 An invented bureau, two rehearsals.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="端口 / port")
@click.option("--lan", is_flag=True, help="让同一局域网的手机也能访问 / let phones on the same network in")
@click.option("--fresh", is_flag=True, help="删除以前的演示数据，重新开始 / delete the demo's data and begin anew")
@click.option(
    "--folder",
    default="instance/demo",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="数据文件夹 / data",
)
def demo(port: int, lan: bool, fresh: bool, folder: Path) -> None:  # noqa: FBT001 - click passes flags by name
    """演示：虚构的单位，一次备好的会议，已计票的推荐和测评。 A demonstration: an invented bureau, a meeting about to begin."""
    from voting.demo import run

    try:
        run(folder, port=port, lan=lan, fresh=fresh)
    except (ConfigError, OSError) as error:
        raise click.ClickException(str(error)) from error


@mipiao.group(short_help="管理：设置链接、升级、投票列表。 Administration.")
def admin() -> None:
    """管理：设置链接、数据库升级、投票列表。 Administration of an installation."""


@admin.command("setup-link")
def setup_link() -> None:
    """重新生成首个管理员的一次性设置链接。 A new one-time link for the first administrator, while there is none."""
    from voting import serving

    link = serving.prepare(_configured())
    if link is None:
        raise click.ClickException(
            "已有可以登录的经办人，请由其在“人员”页重置 / an administrator exists; reset people on the staff page"
        )
    click.echo(link)


@admin.command()
def upgrade() -> None:
    """把数据库升级到最新结构。 Bring the database's schema to the newest revision."""
    from voting.store.base import Database

    database = Database(_configured().database_url)
    database.create()
    database.close()
    click.echo("数据库已是最新结构 / the schema is up to date")


@admin.command("list-polls")
def list_polls() -> None:
    """列出投票：编号、阶段、收回、名称。 List polls: identifier, state, ballots in the box, title."""
    from sqlalchemy import select

    from voting.board import service as board
    from voting.board.models import BoardPoll
    from voting.store.base import Database

    database = Database(_configured().database_url)
    database.create()
    with database.begin() as db:
        for poll in db.scalars(select(BoardPoll).order_by(BoardPoll.title, BoardPoll.uuid)):
            stamp = "  演练" if poll.rehearsal else ""
            click.echo(f"{poll.uuid}  {poll.state:8} {board.count(db, poll.uuid):6}  {poll.title}{stamp}")
    database.close()


def _pass_on(name: str, short: str, help_text: str, run: Callable[[Sequence[str]], int]) -> None:
    """List an auditor's command among the others; its arguments are its own affair."""

    @mipiao.command(name, context_settings=PASS_ON, short_help=short, help=help_text.replace("\n\n", "\n\n\b\n", 1))
    @click.pass_context
    def command(context: click.Context) -> None:
        sys.exit(run(context.args))


_pass_on("verify", "核验选举记录。 Check election records.", verify.HELP, verify.main)
_pass_on("bench", "测速。 Measure the verifier's speed.", bench.HELP, bench.main)


mipiao.add_command(trustee)
