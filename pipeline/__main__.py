"""`python -m pipeline` is `giroksil`."""

import sys

from pipeline.command_line import main

sys.exit(main())
