@echo off
rem Puts the plugin and the profile of msiccp into your own Wireshark folders.
rem
rem   install.cmd                 for the Wireshark that is installed
rem   install.cmd 4.4             for Wireshark 4.4, wherever it is (a portable one, for example)
rem
rem SPDX-License-Identifier: GPL-2.0-or-later
setlocal
set "here=%~dp0"
set "series=%~1"

if not exist "%here%plugins" (
    echo Unpack the whole zip first: the folder "plugins" is not beside install.cmd.
    goto failed
)
if not "%series%"=="" goto have_series

set "wireshark="
set "version="
call :from_registry HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Wireshark
call :from_registry HKLM\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\Wireshark
call :from_registry HKCU\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Wireshark
call :from_folder "%ProgramFiles%\Wireshark"
call :from_folder "%ProgramW6432%\Wireshark"
call :from_folder "%LOCALAPPDATA%\Programs\Wireshark"
if "%wireshark%"=="" (
    echo Wireshark was not found. Install it from https://www.wireshark.org, or name its series: install.cmd 4.4
    goto failed
)
if "%version%"=="" call :ask_tshark
if "%version%"=="" (
    echo The version of Wireshark in "%wireshark%" could not be found out. Name its series: install.cmd 4.4
    goto failed
)
for /f "tokens=1,2 delims=." %%a in ("%version%") do set "series=%%a.%%b"
echo Wireshark %version% is in "%wireshark%".

:have_series
if exist "%here%plugins\%series%\epan\msiccp.dll" goto have_plugin
echo There is no plugin for Wireshark %series% here. There is one for each of these series:
dir /b "%here%plugins"
echo A plugin works in the series that it was built for, and in no other.
goto failed

:have_plugin
if "%APPDATA%"=="" (
    echo Windows does not say where your folder for programs' data is: APPDATA is not set.
    goto failed
)
set "target=%APPDATA%\Wireshark\plugins\%series%\epan"
call :put "%here%plugins\%series%\epan" "%target%" msiccp.dll
if errorlevel 1 goto failed
for /f "delims=" %%f in ('dir /b "%here%profiles\MSICCP"') do (
    call :put "%here%profiles\MSICCP" "%APPDATA%\Wireshark\profiles\MSICCP" "%%f"
    if errorlevel 1 goto failed
)
rem What was downloaded is marked so, and Windows may not load it.
where powershell >nul 2>nul
if not errorlevel 1 powershell -NoProfile -Command "Unblock-File -LiteralPath $env:target\msiccp.dll" >nul 2>nul
echo The plugin is in "%target%", the profile MSICCP in "%APPDATA%\Wireshark\profiles".
echo Start Wireshark anew: Help ^> About ^> Plugins lists msiccp.dll.
exit /b 0

:failed
echo Nothing more was done.
if "%MSICCP_QUIET%"=="" pause
exit /b 1

rem :from_registry KEY: where the installer says that Wireshark is
:from_registry
if not "%wireshark%"=="" goto :eof
for /f "tokens=2,*" %%a in ('reg query %1 /v InstallLocation 2^>nul ^| find "REG_SZ"') do call :from_folder "%%b"
if "%wireshark%"=="" goto :eof
for /f "tokens=2,*" %%a in ('reg query %1 /v DisplayVersion 2^>nul ^| find "REG_SZ"') do set "version=%%b"
goto :eof

rem :from_folder FOLDER: Wireshark is there, if it is
:from_folder
if not "%wireshark%"=="" goto :eof
if exist "%~1\Wireshark.exe" set "wireshark=%~1"
if exist "%~1\tshark.exe" set "wireshark=%~1"
goto :eof

rem :ask_tshark: its first line is "TShark (Wireshark) 4.4.2 (v4.4.2-0-g...)."
:ask_tshark
for /f "tokens=3" %%v in ('""%wireshark%\tshark.exe" --version" 2^>nul ^| find "TShark (Wireshark)"') do set "version=%%v"
goto :eof

rem :put FROM INTO NAME: copies a file, into a folder that is made if need be
:put
if not exist "%~2" mkdir "%~2" 2>nul
copy /y "%~1\%~3" "%~2\%~3" >nul 2>nul
if not errorlevel 1 if exist "%~2\%~3" exit /b 0
echo "%~2\%~3" could not be written: end Wireshark if it runs, and look whether you may write there.
exit /b 1
