# Sourced: a private Orthanc, the PACS to play with (tests start their own ones). REST on PORT, DICOM on PORT+1.

orthanc_up() {
  local folder=$data_folder/orthanc port program started=$SECONDS
  program=$(PATH=$PATH:/usr/sbin command -v Orthanc) || { install_packages orthanc; program=/usr/sbin/Orthanc; }
  service_folder orthanc orthanc
  if ! our_pid "$folder/orthanc.pid" "$folder" >/dev/null; then
    port=$(choose_port orthanc "${HSENET_ORTHANC_PORT:-}" 58042 10 2)
    mkdir -p "$folder/storage" "$folder/tmp"
    orthanc_configure >"$folder/orthanc.json"
    ! is_root || chown -R orthanc "$folder"
    # TCP_NODELAY: without it DCMTK's network code waits 40 ms per response
    spawn orthanc "$folder" "$folder.log" env TCP_NODELAY=1 sh -c 'echo $$ >orthanc.pid; exec "$0" orthanc.json' "$program"
  fi
  port=$(cat "$folder.port")
  wait_for 60 orthanc_answers || { tail -n 20 "$folder.log" >&2; die "orthanc does not answer; see $folder.log"; }
  publish_env orthanc <<ENV
HSENET_TEST_ORTHANC_HTTP='http://127.0.0.1:$port'
HSENET_TEST_ORTHANC_DICOM_PORT='$((port + 1))'
HSENET_TEST_ORTHANC_AET='ORTHANC'
ENV
  say "orthanc: ready, REST on 127.0.0.1:$port, DICOM on $((port + 1)) ($((SECONDS - started)) s)"
}

orthanc_answers() { listening "$port" && listening $((port + 1)); }

# This version of Orthanc cannot bind to loopback alone, so it answers nobody but known peers on this machine.
orthanc_configure() {
  cat <<JSON
{ "Name": "DEVPACS", "StorageDirectory": "$folder/storage", "IndexDirectory": "$folder/storage", "TemporaryDirectory": "$folder/tmp",
  "HttpPort": $port, "DicomPort": $((port + 1)), "DicomAet": "ORTHANC", "RemoteAccessAllowed": false, "AuthenticationEnabled": false,
  "OverwriteInstances": true, "MaximumPduLength": 131072, "Plugins": [],
  "DicomAlwaysAllowEcho": false, "DicomAlwaysAllowStore": false, "DicomCheckModalityHost": true,
  "DicomModalities": {
    "worker": { "AET": "HSENET", "Host": "127.0.0.1", "Port": 11112, "AllowStorageCommitment": true },
    "scanner": { "AET": "STORESCU", "Host": "127.0.0.1", "Port": 11115 } } }
JSON
}

orthanc_down() {
  stop_pid orthanc "$data_folder/orthanc/orthanc.pid" "$data_folder/orthanc" TERM 30
  withdraw_env orthanc
}
