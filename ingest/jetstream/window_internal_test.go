package jetstream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// note writes down what is said of a message.
type note struct {
	name string
	said *[]string
}

func (n note) say(what string) error {
	*n.said = append(*n.said, what+" "+n.name)
	return errors.New("the connection is gone") // which changes nothing
}

func (n note) Ack() error        { return n.say("ack") }
func (n note) InProgress() error { return n.say("wait") }
func (n note) Nak() error        { return n.say("back") }

// level is a gauge's last value.
type level struct {
	messages int
	bytes    int64
}

func (l *level) Set(messages int, bytes int64) { *l = level{messages, bytes} }

func TestWindowFromArrivalToAcknowledgement(t *testing.T) {
	t.Parallel()
	var said []string
	var shown level
	w := newWindow(10, 100, &shown)
	w.add(note{"a", &said}, 10)
	w.add(note{"b", &said}, 20)
	w.beat() // they came since the one before
	w.add(note{"c", &said}, 30)
	w.beat()
	w.Durable(1)
	w.beat()
	if want := (level{2, 50}); shown != want {
		t.Errorf("shown %v, want %v", shown, want)
	}
	w.close()
	w.Durable(2) // too late: they were given back
	if want := []string{"wait a", "wait b", "ack a", "wait b", "wait c", "back b", "back c"}; !slices.Equal(said, want) {
		t.Errorf("said %q, want %q", said, want)
	}
	if shown != (level{}) {
		t.Errorf("shown %v at the end", shown)
	}
}

func TestRoomOfAWindow(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	var said []string
	w := newWindow(4, 100, nil)
	for _, c := range []struct {
		largest int64
		want    int
	}{{10, 4}, {40, 2}, {1000, 1}} {
		if n, err := w.room(ended, c.largest); n != c.want || err != nil {
			t.Errorf("room for %d messages of %d bytes, want %d: %v", n, c.largest, c.want, err)
		}
	}
	w.add(note{"a", &said}, 70)
	if n, err := w.room(ended, 40); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("room for %d: %v", n, err)
	}
	got := make(chan string)
	go func() {
		n, err := w.room(t.Context(), 40)
		got <- fmt.Sprint(n, err)
	}()
	w.Durable(1)
	if n := <-got; n != "2 <nil>" {
		t.Errorf("room %s once it is empty", n)
	}
	w.empty(t.Context())
}
