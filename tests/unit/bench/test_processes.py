import os
import time

from bench.processes import Server


def test_processor_time_is_finer_than_the_ten_milliseconds_of_the_kernels_table() -> None:
    server = Server("http://127.0.0.1:1", os.getpid())
    before = time.process_time()
    measured = server.cpu_seconds()
    assert before <= measured
    assert measured != round(measured, 2)
