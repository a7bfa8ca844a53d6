#!/bin/sh
# Debian packages that some tests need: a PostgreSQL server, a browser, fonts for Arabic names.
# Installs them where it may (root, apt-get at hand); else says what is missing and goes on.
# Quick when all is there: it only looks for files.
set -u

missing=""
need() { missing="$missing $1"; }

server=no
for initdb in /usr/lib/postgresql/*/bin/initdb; do
    [ -x "$initdb" ] && server=yes
done
command -v initdb >/dev/null 2>&1 && server=yes
[ "$server" = yes ] || need postgresql

browser=no
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null 2>&1 && browser=yes
done
[ "$browser" = yes ] || need chromium

fonts=no
for font in /usr/share/fonts/truetype/noto/NotoSansArabic-*.ttf \
            /usr/share/fonts/*/NotoSansArabic*.ttf; do
    [ -e "$font" ] && fonts=yes
done
[ "$fonts" = yes ] || need fonts-noto-core

[ -z "$missing" ] && exit 0

say() { echo "system-packages: $*" >&2; }

if ! command -v apt-get >/dev/null 2>&1; then
    say "not installed:$missing (no apt-get here; install what your system calls them)."
    say "Tests that need them are skipped."
    exit 0
fi

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        say "not installed:$missing. Tests that need them are skipped. To have them:"
        say "  sudo apt-get install$missing"
        exit 0
    fi
fi

say "installing$missing"
log=$(mktemp) || exit 0
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
install() {
    # shellcheck disable=SC2086  # each word is a package
    timeout 600 $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends $missing >"$log" 2>&1
}
if install; then exit 0; fi
# The lists may be absent or stale: fetch them and try once more.
if timeout 300 $as_root apt-get update >"$log" 2>&1 && install; then exit 0; fi
say "could not install$missing; tests that need them are skipped. The end of apt-get's output:"
tail -n 5 "$log" >&2
exit 0
