import sys

from tests.faults.histories.soak import main

sys.exit(main())
