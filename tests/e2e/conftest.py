from playwright.sync_api import expect

# On a machine with other load a page takes its time.
expect.set_options(timeout=30_000)
