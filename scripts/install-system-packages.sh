#!/usr/bin/env bash
# Installs what some tests and reports need from the system: Chromium (pages), LibreOffice Calc and Writer (recalculating
# workbooks, PDF) and poppler (looking at PDF). Debian and its derivatives, as root; elsewhere it says what is missing and ends well.
# No Chinese fonts: labels have to render on a machine without them.
set -euo pipefail

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v localc >/dev/null || missing+=(libreoffice-calc)
command -v lowriter >/dev/null || missing+=(libreoffice-writer)
command -v pdftoppm >/dev/null || missing+=(poppler-utils)

if [ ${#missing[@]} -eq 0 ]; then
  echo "System packages: nothing to do, chromium, libreoffice and poppler-utils are here."
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "System packages: no apt-get on this system; please install yourself: ${missing[*]}"
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "System packages: not root; please run 'sudo $0' to install: ${missing[*]}"
  exit 0
fi

echo "System packages: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}"
