#!/bin/sh
# Check one message of Akno's webhooks with openssl: says "good" or "refused".
#   sh verify.sh SECRET ID TIMESTAMP SIGNATURES BODY_FILE
secret=$1 id=$2 timestamp=$3 signatures=$4 body=$5
case $id in *.*|'') echo refused; exit 1 ;; esac
case $timestamp in *[!0-9]*|'') echo refused; exit 1 ;; esac
age=$(( $(date +%s) - timestamp ))
if [ "$age" -gt 300 ] || [ "$age" -lt -300 ]; then echo refused; exit 1; fi
key=$(printf %s "${secret#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
expected=$( { printf %s. "$id" "$timestamp"; cat "$body"; } |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)
for one in $signatures; do
  if [ "$one" = "v1,$expected" ]; then echo good; exit 0; fi
done
echo refused
exit 1
