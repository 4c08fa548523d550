package door_test

import (
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"presage/ingest"
)

// A message over a websocket is acknowledged when it is stored, however its
// packets lie in frames.
func TestWebsocket(t *testing.T) {
	t.Parallel()
	m := newMemory()
	s := startDoor(t, m, nil)
	dialer := websocket.Dialer{Subprotocols: []string{"mqtt"}, HandshakeTimeout: patience}
	ws, answer, err := dialer.DialContext(t.Context(), strings.Replace(s.URL(), "tcp://", "ws://", 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	defer answer.Body.Close()
	_ = ws.SetReadDeadline(time.Now().Add(patience))
	sent := append(hello{vin: vinA, clientID: "page"}.bytes(), publishBytes(4, 1, 7, ingest.TelemetryTopic(vinA), sample(1))...)
	for _, part := range [][]byte{sent[:5], sent[5:40], sent[40:]} {
		if err := ws.WriteMessage(websocket.BinaryMessage, part); err != nil {
			t.Fatal(err)
		}
	}
	var got []byte
	for len(got) < 8 { // CONNACK and PUBACK
		_, frame, err := ws.ReadMessage()
		if err != nil {
			t.Fatalf("after % x: %v", got, err)
		}
		got = append(got, frame...)
	}
	if want := "\x20\x02\x00\x00\x40\x02\x00\x07"; string(got) != want || m.rows() != 1 {
		t.Errorf("% x, %d rows", got, m.rows())
	}
}
