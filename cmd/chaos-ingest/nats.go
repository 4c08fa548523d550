package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// asNATS makes this program be a NATS server that listens for MQTT at the
// address that the variable holds and keeps its messages in the first argument.
const asNATS = "CHAOS_INGEST_AS_NATS"

// serveNATS is a NATS server of its own, configured as its documentation says
// for messages that must survive a crash: JetStream on files, synced always.
func serveNATS(address, dir string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	s, err := server.NewServer(&server.Options{
		ServerName: "chaos", DontListen: true, NoSigs: true,
		JetStream: true, StoreDir: dir, SyncAlways: true,
		MQTT: server.MQTTOpts{Host: host, Port: number, AckWait: 15 * time.Second, MaxAckPending: 10_000},
	})
	if err != nil {
		return err
	}
	s.Start()
	if !s.ReadyForConnections(30 * time.Second) {
		return fmt.Errorf("NATS is not ready on %s", address)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	<-ctx.Done()
	s.Shutdown()
	s.WaitForShutdown()
	return nil
}
