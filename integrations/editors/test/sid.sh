#!/bin/sh
# Drives the newest Neovim and Helix, in a chroot of Debian sid: sid.sh PATH/TO/absolve [CHROOT]. Needs root, debootstrap and 700 MB.
set -eu
here=$(dirname "$(realpath "$0")")
absolve=$(realpath "${1:?the path of absolve}")
chroot=${2:-/tmp/absolve-sid}
[ -x "$chroot/usr/bin/nvim" ] || debootstrap --variant=minbase --include=neovim,hx,procps sid "$chroot"
mkdir -p "$chroot/absolve"
cp -r "$here/../neovim" "$here/../emacs" "$here" "$chroot/absolve/"
cp "$absolve" "$chroot/absolve/absolve"
chroot "$chroot" nvim --version | head -1
chroot "$chroot" /absolve/test/run.sh /absolve/absolve
# Helix asks /proc where it is itself.
mount -t proc proc "$chroot/proc" && mount --bind /dev "$chroot/dev"
trap 'umount "$chroot/dev" "$chroot/proc"' EXIT
chroot "$chroot" hx --version
"$here/helix.py" "$chroot"
