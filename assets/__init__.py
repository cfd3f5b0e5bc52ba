"""The build of style sheets, script and font from pinned npm packages into `static/dist/`."""
