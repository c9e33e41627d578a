# Sourced: the private RabbitMQ. AMQP on PORT, management on PORT+1, Erlang distribution on PORT+2, its own epmd on PORT+3.

rabbitmq_up() {
  local bin=/usr/lib/rabbitmq/bin folder=$data_folder/rabbitmq port started=$SECONDS
  [ -x "$bin/rabbitmq-server" ] || install_packages rabbitmq-server
  [ -x "$bin/rabbitmq-server" ] || die "RabbitMQ's programs are not in $bin"
  service_folder rabbitmq rabbitmq
  if ! our_pid "$folder/rabbitmq.pid" "$folder" >/dev/null; then
    stop_pid epmd "$folder/epmd.pid" "$folder" TERM 5 2>/dev/null
    rm -f "$folder/rabbitmq.pid"
    port=$(choose_port rabbitmq "${HSENET_RMQ_PORT:-}" 55672 10 4)
    rabbitmq_configure
    rabbitmq_start
  fi
  port=$(cat "$folder.port")
  wait_for 90 rabbitmq_answers || { tail -n 20 "$folder/console.log" >&2; die "rabbitmq does not answer; see $folder/console.log"; }
  publish_env rabbitmq <<ENV
HSENET_TEST_RABBITMQ='amqp://hsenet:$(secret rabbitmq)@127.0.0.1:$port/hsenet'
HSENET_TEST_RABBITMQ_MGMT='http://127.0.0.1:$((port + 1))'
HSENet__Queue__Host='127.0.0.1'
HSENet__Queue__Port='$port'
HSENet__Queue__VirtualHost='hsenet'
HSENet__Queue__User='hsenet'
HSENet__Queue__Password='$(secret rabbitmq)'
ENV
  say "rabbitmq: ready on 127.0.0.1:$port ($((SECONDS - started)) s)"
}

rabbitmq_answers() { listening "$port" && listening $((port + 1)); }

rabbitmq_configure() {
  cat >"$folder/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$port
management.tcp.ip = 127.0.0.1
management.tcp.port = $((port + 1))
default_user = hsenet
default_pass = $(secret rabbitmq)
default_vhost = hsenet
vm_memory_high_watermark.absolute = 512MB
disk_free_limit.absolute = 100MB
raft.wal_max_size_bytes = 33554432
consumer_timeout = 14400000
log.console = false
log.file.level = info
CONF
  echo '[].' >"$folder/advanced.config"
  echo '[rabbitmq_management].' >"$folder/enabled_plugins"
  # Erlang would make up a cookie of 20 letters
  [ -s "$folder/.erlang.cookie" ] || printf %s "$(secret erlang_cookie)" >"$folder/.erlang.cookie"
  chmod 400 "$folder/.erlang.cookie"
  ! is_root || chown -R rabbitmq "$folder"
}

# Without the Debian wrappers (they insist on the packaged user and home) and without /etc/rabbitmq. epmd in the foreground mode, so that
# its pid is known; the virtual machine would leave one of its own behind.
rabbitmq_start() {
  local base=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME="$folder" ERL_EPMD_PORT=$((port + 3)) ERL_EPMD_ADDRESS=127.0.0.1)
  spawn rabbitmq "$folder" "$data_folder/rabbitmq-epmd.log" "${base[@]}" \
    sh -c 'echo $$ >epmd.pid; exec epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1'
  wait_for 10 listening $((port + 3)) || die "epmd did not start; see $data_folder/rabbitmq-epmd.log"
  spawn rabbitmq "$folder" "$folder/console.log" "${base[@]}" \
    RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_NODENAME=hsenet@localhost RABBITMQ_ALLOW_INPUT=1 \
    RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$port" RABBITMQ_DIST_PORT=$((port + 2)) \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +A 16' \
    RABBITMQ_MNESIA_BASE="$folder/mnesia" RABBITMQ_LOG_BASE="$folder/log" RABBITMQ_PID_FILE="$folder/rabbitmq.pid" \
    RABBITMQ_GENERATED_CONFIG_DIR="$folder/generated" RABBITMQ_SCHEMA_DIR="$folder/schema" \
    RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf" RABBITMQ_ADVANCED_CONFIG_FILE="$folder/advanced.config" \
    RABBITMQ_ENABLED_PLUGINS_FILE="$folder/enabled_plugins" \
    /usr/lib/rabbitmq/bin/rabbitmq-server -noinput
}

rabbitmq_down() {
  stop_pid rabbitmq "$data_folder/rabbitmq/rabbitmq.pid" "$data_folder/rabbitmq" TERM 60
  stop_pid epmd "$data_folder/rabbitmq/epmd.pid" "$data_folder/rabbitmq" TERM 5
  withdraw_env rabbitmq
}
