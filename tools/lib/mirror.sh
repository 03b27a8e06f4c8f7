# shellcheck shell=sh
# SPDX-License-Identifier: BSL-1.0
# For sourcing: where this machine gets Debian from, for those who want another suite from the same place.

# The address of the mirror in apt's own configuration; fails where there is none.
debian_mirror() {
    # shellcheck disable=SC2016 # apt's variables
    apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(CODENAME) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        awk '$1 == "Debian" && $2 == "main" && $3 !~ /-/ { print $4; found = 1; exit } END { exit !found }'
}

debian_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# What apt's line for a source says about signatures.
signed_by_debian() { [ ! -f "$debian_keyring" ] || echo "[signed-by=$debian_keyring]"; }
