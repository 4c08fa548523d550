package influx

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"
)

// Only a server elsewhere is worth the work of compressing.
func TestOnLoopback(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"http://localhost:8086": true, "http://127.0.0.1:8086": true, "http://127.1.2.3": true, "https://[::1]:8086": true,
		"http://influx:8086": false, "http://10.0.0.7:8086": false, "https://localhost.example.com": false, ":": false,
	} {
		if got := onLoopback(address); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
}

// What is compressed unfolds to the lines, from memory that was used before too.
func TestCompress(t *testing.T) {
	t.Parallel()
	var s sending
	for _, lines := range []string{"a b=1 2\n", "c d=3 4\ne f=5 6\n"} {
		packed, err := s.compress([]byte(lines))
		if err != nil {
			t.Fatal(err)
		}
		r, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != lines {
			t.Errorf("%q %v, want %q", got, err, lines)
		}
	}
}
