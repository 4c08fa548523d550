// Package wiretest is a broker for the tests of publishers: it acknowledges, and
// it can lose connections.
package wiretest

import (
	"net"
	"sync"
	"testing"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

// Broker returns the URL of a broker that acknowledges every PUBLISH, and how
// many distinct ones it has taken. It reads good packets on a connection, the
// CONNECT among them, and hangs up on the next; 0 is no limit.
func Broker(tb testing.TB, good int) (url string, distinct func() int) {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	var mu sync.Mutex
	payloads := map[string]bool{}
	serve := func(conn net.Conn) {
		defer conn.Close()
		for n := 1; ; n++ {
			p, err := packets.ReadPacket(conn)
			if err != nil || good > 0 && n > good {
				return
			}
			switch p := p.(type) {
			case *packets.ConnectPacket:
				_ = packets.NewControlPacket(packets.Connack).Write(conn)
			case *packets.PublishPacket:
				mu.Lock()
				payloads[p.TopicName+string(p.Payload)] = true
				mu.Unlock()
				ack := packets.NewControlPacket(packets.Puback).(*packets.PubackPacket)
				ack.MessageID = p.MessageID
				_ = ack.Write(conn)
			}
		}
	}
	var served sync.WaitGroup
	served.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			served.Go(func() { serve(conn) })
		}
	})
	tb.Cleanup(func() {
		_ = l.Close()
		served.Wait()
	})
	return "tcp://" + l.Addr().String(), func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(payloads)
	}
}
