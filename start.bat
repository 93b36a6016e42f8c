@echo off
rem Double-click: opens the notebooks in the browser. The first time it makes the environment, about two minutes.
cd /d "%~dp0"
where py >nul 2>nul
if %errorlevel%==0 (py -3 workbook.py lab) else (python workbook.py lab)
if errorlevel 1 pause
