@echo off
rem Installs the auditor's tool without a network, beside this file. Wants Python 3.11 or newer from python.org (with "py").
chcp 65001 >nul
setlocal
set HERE=%~dp0
set TARGET=%HERE%mipiao
py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))" || goto nopython
py -3 -m venv "%TARGET%" || goto failed
"%TARGET%\Scripts\python.exe" -m pip --isolated --quiet --disable-pip-version-check install --no-index --find-links "%HERE%wheels" --require-hashes --no-deps --only-binary :all: -r "%HERE%requirements-auditor.txt" || goto failed
"%TARGET%\Scripts\mipiao.exe" verify "%HERE%sample-record" || goto failed
echo.
echo 装好了。把选举记录的文件夹拖到下面的命令后面： / Installed. Verify a record with:
echo   "%TARGET%\Scripts\mipiao.exe" verify FOLDER
pause
exit /b 0
:nopython
echo 需要 Python 3.11 或更高版本。 / Python 3.11 or newer is needed.
pause
exit /b 1
:failed
echo 没有装成。请核对 SHA256SUMS。 / Not installed: check SHA256SUMS.
pause
exit /b 1
