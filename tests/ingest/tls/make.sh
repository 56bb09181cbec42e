#!/bin/sh
# Makes the certificates of the TLS tests anew: an authority of our own, whose key is thrown away, and what it signed.
set -eu
cd "$(dirname "$0")"
rm -f ./*.pem ./*.key
work=$(mktemp -d)
cat > "$work/ca.cnf" <<CNF
[ca]
default_ca = here
[here]
new_certs_dir = $work
database = $work/index.txt
serial = $work/serial
default_md = sha256
unique_subject = no
policy = any
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[server]
basicConstraints = CA:FALSE
subjectAltName = DNS:story.example
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CNF
: > "$work/index.txt"
echo 01 > "$work/serial"
new() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$2" -out "$3"; }
sign() { openssl ca -batch -notext -config "$work/ca.cnf" -extensions "$1" -startdate 20200101000000Z -enddate "$2" -in "$3" -out "$4" -keyfile "$5" $6; }
new "Writethru test authority" "$work/ca.key" "$work/ca.csr"
new story.example server.key "$work/server.csr"
sign authority 21200101000000Z "$work/ca.csr" ca.pem "$work/ca.key" -selfsign
sign server 21200101000000Z "$work/server.csr" server.pem "$work/ca.key" "-cert ca.pem"
sign server 20200201000000Z "$work/server.csr" expired.pem "$work/ca.key" "-cert ca.pem"
sign server 21200101000000Z "$work/server.csr" selfsigned.pem server.key -selfsign
rm -r "$work"
