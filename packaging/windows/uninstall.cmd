@echo off
rem Removes the plugin and the profile of msiccp from your own Wireshark folders.
rem
rem SPDX-License-Identifier: GPL-2.0-or-later
setlocal
set "found="
set "left="
for /f "delims=" %%d in ('dir /b "%APPDATA%\Wireshark\plugins" 2^>nul') do call :remove "%APPDATA%\Wireshark\plugins\%%d\epan\msiccp.dll"
if exist "%APPDATA%\Wireshark\profiles\MSICCP" (
    set "found=yes"
    rmdir /s /q "%APPDATA%\Wireshark\profiles\MSICCP" 2>nul
)
if exist "%APPDATA%\Wireshark\profiles\MSICCP" set "left=%APPDATA%\Wireshark\profiles\MSICCP"
if not "%left%"=="" goto failed
if "%found%"=="" (
    echo Neither the plugin nor the profile MSICCP is in "%APPDATA%\Wireshark".
    exit /b 0
)
echo The plugin and the profile MSICCP are removed from "%APPDATA%\Wireshark".
exit /b 0

:failed
echo "%left%" could not be removed: end Wireshark if it runs, and try again.
if "%MSICCP_QUIET%"=="" pause
exit /b 1

rem :remove FILE: if it is there
:remove
if not exist %1 goto :eof
set "found=yes"
del /q %1 2>nul
if exist %1 set "left=%~1"
goto :eof
