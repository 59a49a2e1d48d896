"""The monthly street-level crime files of data.police.uk."""
