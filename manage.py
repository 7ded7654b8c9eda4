"""Django's own commands, for developers; everybody else uses `shiyu`."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

sys.path.insert(0, str(Path(__file__).parent / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shiyu.settings")
execute_from_command_line(sys.argv)
