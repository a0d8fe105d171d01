"""The code of docs/limits.md that gets an App Check token, run as printed with Firebase's SDK.

Not tried here: the providers that vouch for an app, and Google's signature. A provider of the test
gives the SDK a token that a key of the test has signed.
"""

import os
import subprocess
from pathlib import Path

from local.stack import Stack
from local.tokens import user_token
from tests.integration.auth.test_app_check import (
    APP,
    PROJECT_ID,
    claims,
    keys_url,
    signer,
    stack,
)
from tests.support.documents import example
from tests.support.edge import key_server
from tests.support.key_server import Signer
from tests.support.typescript_client import CLIENT

__all__ = ["key_server", "keys_url", "signer", "stack"]

BEFORE = """
import { initializeApp } from 'firebase/app';
import { CustomProvider, initializeAppCheck } from 'firebase/app-check';

const { API, APP, APP_TOKEN, PROJECT, TOKEN } = process.env;
const provider = new CustomProvider({
  getToken: async () => ({ token: APP_TOKEN, expireTimeMillis: Date.now() + 3_600_000 }),
});
const app = initializeApp({ projectId: PROJECT, appId: APP, apiKey: 'local' });
const appCheck = initializeAppCheck(app, { provider });
const headers = { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' };
async function start() {
  const { status } = await fetch(`${API}/start_session`, { method: 'POST', headers, body: '{}' });
  console.log(status);
}
await start();
"""
AFTER = """
await start();
process.exit();
"""


def test_the_sdks_token_is_admitted_as_printed(
    stack: Stack, signer: Signer, tmp_path: Path
) -> None:
    program = BEFORE + example("docs/limits.md", "js", under="App Check") + AFTER
    (tmp_path / "program.mjs").write_text(program)
    (tmp_path / "node_modules").symlink_to(CLIENT / "node_modules")
    environment = {
        "API": stack.url,
        "APP": APP,
        "APP_TOKEN": signer.sign(claims(), typ="JWT"),
        "PROJECT": PROJECT_ID,
        "TOKEN": user_token("ann", project_id=PROJECT_ID),
    }
    for _ in range(2):
        ran = subprocess.run(
            ["node", "program.mjs"],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (ran.stderr, ran.stdout.split()[0]) == ("", "401")
        assert ran.stdout.split()[1] in ("201", "200")
