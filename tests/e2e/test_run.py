"""tools/run as `make run` starts it: what it says works, a killed connector comes back, and Ctrl-C
leaves nothing behind, whenever it comes."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ['SDEX_BUILD_ROOT'])
CLOSE_MS = 400
PATIENCE = 60


class Running:
    """tools/run in a process group and a temporary folder of its own."""

    def __init__(self, folder, *words):
        self.folder = folder
        self.child = subprocess.Popen([str(ROOT / 'tools/run'), *words], cwd=folder, text=True,
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, start_new_session=True,
                                      env={**os.environ, 'TMPDIR': str(folder)})
        self.text, self.changed, self.ended = '', threading.Condition(), False
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.child.stdout:
            with self.changed:
                self.text += line
                self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def expect(self, pattern):
        with self.changed:
            self.changed.wait_for(lambda: self.ended or re.search(pattern, self.text), PATIENCE)
            match = re.search(pattern, self.text)
        if not match:
            raise AssertionError(f'expected {pattern!r}, found {self.text}')
        return match

    def processes(self):
        """Of it and its children: all that have its TMPDIR in their environment."""
        mark, found = f'TMPDIR={self.folder}\0'.encode(), []
        for path in pathlib.Path('/proc').glob('[0-9]*/environ'):
            try:
                if mark in path.read_bytes():
                    found.append((int(path.parent.name), (path.parent / 'comm').read_text().strip()))
            except OSError:
                pass    # gone, or of another user
        return found

    def interrupt(self):
        """Ctrl-C: to the whole group, as a terminal does it."""
        os.killpg(self.child.pid, signal.SIGINT)
        status = self.child.wait(PATIENCE)
        self.reader.join(PATIENCE)
        self.child.stdout.close()
        return status

    def kill(self):
        if self.child.poll() is None:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()
            self.reader.join()
            self.child.stdout.close()


class Run(unittest.TestCase):
    def start(self, *words):
        folder = tempfile.TemporaryDirectory(prefix='sdex-e2e-')
        self.addCleanup(folder.cleanup)
        running = Running(pathlib.Path(folder.name), *words)
        self.addCleanup(running.kill)
        return running

    def leaves_nothing(self, running):
        status = running.interrupt()
        self.assertEqual((status, list(running.folder.iterdir())), (0, []), running.text)
        self.assertNotIn('Traceback', running.text)
        end = time.monotonic() + PATIENCE    # the signer sees by itself that sdexd is gone
        while running.processes() and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual(running.processes(), [])

    def test_what_it_says_to_try_works(self):
        running = self.start('--close-ms', str(CLOSE_MS), str(BUILD))
        text = running.expect(r'(?s)Try in another terminal:\n(.*)\n\nCtrl-C ends')[1]
        lines = [line.split('#')[0].strip() for line in text.splitlines()]
        self.assertEqual([re.split('[ =]', line)[0] for line in lines if not line.startswith('export ')],
                         ['PATH', 'sdex', 'sdex', 'sdex', 'kill'])

        def shell(*commands):
            return subprocess.run(['bash', '-ec', '\n'.join(commands)], capture_output=True, text=True,
                                  timeout=PATIENCE, check=False)
        first = shell(*lines)
        self.assertEqual((first.returncode, first.stderr), (0, ''), first.stdout)
        self.assertIn('sell 100.0000000 XLM-USDC at 0.1', first.stdout)
        running.expect('sdexd was killed by SIGKILL; starting it again')
        running.expect('It is ready again')
        settings, show = lines[:-4], lines[-2]
        end = time.monotonic() + PATIENCE
        while True:
            order = shell(*settings, show).stdout
            if 'status             filled\n' in order or time.monotonic() > end:
                break
            time.sleep(0.1)
        self.assertEqual(order.count('filled             100.0000000'), 1, order)
        self.leaves_nothing(running)

    def test_ctrl_c_at_any_time(self):
        for moment in ('starting a network', 'opening an account', 'starting the signer', 'Ctrl-C ends'):
            with self.subTest(moment=moment):
                running = self.start('--close-ms', str(CLOSE_MS), str(BUILD))
                running.expect(moment)
                self.leaves_nothing(running)

    def test_the_usual_port_may_be_taken(self):
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                other.bind(('127.0.0.1', 8080))
                other.listen()
            except OSError:
                pass    # taken by somebody else, which is as good
            running = self.start('--close-ms', str(CLOSE_MS), str(BUILD))
            api = running.expect(r'export SDEX_API=(http://127.0.0.1:\d+)    # port 8080 is taken\n')[1]
            running.expect('Ctrl-C ends')
            status = subprocess.run([str(BUILD / 'src/cmd/sdex/sdex'), 'status', '--api', api],
                                    capture_output=True, text=True, timeout=PATIENCE, check=False)
            self.assertTrue(status.stdout.startswith('ready\n'), status)
            self.leaves_nothing(running)

    def test_nothing_is_built_yet(self):
        running = self.start('nowhere')
        running.expect('run: sdex and sdexd and sdex-signer and sdex-sandbox not found in .*`make run` builds them')
        self.assertEqual(running.child.wait(PATIENCE), 1)
        running.reader.join(PATIENCE)
        running.child.stdout.close()
        self.assertEqual(list(running.folder.iterdir()), [])


if __name__ == '__main__':
    unittest.main()
