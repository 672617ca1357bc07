"""`python -m dataflowc`: the same as the `dataflowc` command."""

import sys

from dataflowc.cli import main

sys.exit(main())
