package influx

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
)

// sending is what the requests of a batch share.
type sending struct {
	open   atomic.Int32 // bodies that the transport has not closed yet
	zipped bytes.Buffer
	zipper *gzip.Writer
}

// body is a request's body. The transport may read it even after the answer,
// until it closes it.
type body struct {
	bytes.Reader

	open   *atomic.Int32
	closed bool
}

func (s *sending) body(text []byte) *body {
	b := &body{open: &s.open}
	b.Reset(text)
	s.open.Add(1)
	return b
}

// Close says that the transport is done with it.
func (b *body) Close() error {
	if !b.closed {
		b.closed = true
		b.open.Add(-1)
	}
	return nil
}

// batch gives memory for a request, empty.
func (s *Store) batch() *batch {
	b, _ := s.batches.Get().(*batch)
	return b
}

// recycle takes b back, unless it has grown out of proportion.
func (s *Store) recycle(b *batch) {
	b.reset()
	if cap(b.text) > 4*s.config.BatchBytes {
		return
	}
	s.batches.Put(b)
}

// post sends lines through the client's own HTTP service: its write API would
// copy them twice, compress them on loopback too, and at a level that costs
// more than everything else together.
func (s *Store) post(ctx context.Context, b *batch, lines []byte) error {
	if s.gzip {
		if b.sent.open.Load() > 0 { // as in reset
			b.sent.zipped = bytes.Buffer{}
		}
		var err error
		if lines, err = b.sent.compress(lines); err != nil {
			return err
		}
	}
	err := s.client.HTTPService().DoPostRequest(ctx, s.writeURL, b.sent.body(lines), func(r *http.Request) {
		r.ContentLength = int64(len(lines))
		r.GetBody = func() (io.ReadCloser, error) { return b.sent.body(lines), nil }
		r.Header.Set("Content-Type", "text/plain; charset=utf-8")
		if s.gzip {
			r.Header.Set("Content-Encoding", "gzip")
		}
	}, func(r *http.Response) error {
		_, _ = io.Copy(io.Discard, r.Body) // so that the connection is used again
		return r.Body.Close()
	})
	if err != nil { // not a nil *Error in an error
		return err
	}
	return nil
}

// compress is fast rather than small: lines of a fleet repeat themselves anyway.
func (s *sending) compress(lines []byte) ([]byte, error) {
	s.zipped.Reset()
	if s.zipper == nil {
		var err error
		if s.zipper, err = gzip.NewWriterLevel(nil, gzip.BestSpeed); err != nil {
			return nil, err
		}
	}
	s.zipper.Reset(&s.zipped)
	if _, err := s.zipper.Write(lines); err != nil {
		return nil, err
	}
	if err := s.zipper.Close(); err != nil {
		return nil, err
	}
	return s.zipped.Bytes(), nil
}

// writeURL is where lines with times in milliseconds go.
func writeURL(api string, c Config) string {
	return api + "write?" + url.Values{"org": {c.Org}, "bucket": {c.Bucket}, "precision": {"ms"}}.Encode()
}

// onLoopback tells whether compressing would only cost.
func onLoopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
