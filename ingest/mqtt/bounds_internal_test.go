package mqtt

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"presage/ingest"
)

// readAll is what a link hands over of data.
func readAll(t *testing.T, data io.Reader) (*link, []ingest.Message) {
	t.Helper()
	var sink all
	l := newLink(stream{Reader: data}, &sink, time.Now)
	if _, err := io.Copy(io.Discard, l); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l, sink.got
}

// Only usual topics are remembered. The longest that MQTT has, 65,535 bytes,
// is read all the same.
func TestLongTopicsAreNotRemembered(t *testing.T) {
	t.Parallel()
	var data bytes.Buffer
	topics := []string{strings.Repeat("x", 65_535), strings.Repeat("x", 129), strings.Repeat("x", 128), "a"}
	for _, topic := range append(topics, topics...) {
		data.Write(publish(1, 1, topic, "x"))
	}
	l, got := readAll(t, &data)
	for i, m := range got {
		if m.Topic != topics[i%len(topics)] || string(m.Payload) != "x" {
			t.Errorf("message %d: a topic of %d bytes", i, len(m.Topic))
		}
	}
	if len(got) != 8 || len(l.topics) != 2 {
		t.Errorf("%d messages, %d topics remembered: want 8 and the two short ones", len(got), len(l.topics))
	}
}

// The topics remembered are bounded in number: 65,536 of at most 128 bytes.
func TestRememberedTopicsAreBounded(t *testing.T) {
	t.Parallel()
	var data bytes.Buffer
	for i := range maxTopics + 10 {
		data.Write(publish(1, 1, fmt.Sprint("t/", i), ""))
	}
	l, got := readAll(t, &data)
	if len(got) != maxTopics+10 || len(l.topics) > maxTopics {
		t.Errorf("%d messages, %d topics remembered", len(got), len(l.topics))
	}
}

// Of a PUBLISH above 4 MiB the head is kept, enough to be refused as too large;
// what follows it is read as ever.
func TestHugePayloadsAreCutWhileTheyAreRead(t *testing.T) {
	t.Parallel()
	const huge = 16 << 20
	head := publish(1, 1, "a", "")
	size := len(head) - 2 + huge // of everything behind the fixed header of two bytes
	fixed := []byte{head[0], byte(size) | 0x80, byte(size>>7) | 0x80, byte(size>>14) | 0x80, byte(size >> 21)}
	_, got := readAll(t, io.MultiReader(
		bytes.NewReader(fixed), bytes.NewReader(head[2:]), bytes.NewReader(bytes.Repeat([]byte("5"), huge)),
		bytes.NewReader(publish(2, 1, "b", "next"))))
	if len(got) != 2 || string(got[1].Payload) != "next" || got[1].Topic != "b" {
		t.Fatalf("%d messages", len(got))
	}
	if n := len(got[0].Payload); n != 4<<10 || got[0].Size != huge || cap(got[0].Payload) != n || got[1].Size != 0 {
		t.Errorf("%d bytes are kept of %d", n, got[0].Size)
	}
}

// A window counts topics as well as payloads.
func TestWindowCountsTopics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, w, broker, _ := opened(t)
		w.maxBytes = 100_000
		go func() {
			for id := range uint16(3) {
				_, _ = broker.Write(publish(id+1, 1, strings.Repeat("x", 60_000), ""))
			}
		}()
		go func() { _, _ = io.Copy(io.Discard, broker) }()
		for range 3 {
			synctest.Wait()
			if n := len(w.take(nil)); n != 1 {
				t.Fatalf("%d messages of 60,000 bytes are in a window of 100,000", n)
			}
			w.Durable(1)
		}
		if w.bytes != 0 {
			t.Errorf("%d bytes are left of nothing", w.bytes)
		}
	})
}
