import sys

from tests.chaos.histories.soak import main

sys.exit(main())
