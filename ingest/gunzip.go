package ingest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// MaxPayload is the largest payload taken in, in bytes, as sent and after gunzip.
const MaxPayload = 1 << 20

// plain checks the size and undoes gzip, which it knows by its first two bytes.
func plain(payload []byte) ([]byte, error) {
	if len(payload) > MaxPayload {
		detail := fmt.Sprintf("%d bytes, at most %d: send smaller batches", len(payload), MaxPayload)
		return nil, refuse(ReasonTooLarge, detail)
	}
	if len(bytes.TrimSpace(payload)) == 0 {
		return nil, refuse(ReasonEmpty, "the payload is empty")
	}
	if len(payload) < 2 || payload[0] != 0x1f || payload[1] != 0x8b {
		return bytes.TrimPrefix(payload, []byte("\xef\xbb\xbf")), nil
	}
	r, err := gzip.NewReader(bytes.NewReader(payload))
	if err != nil {
		return nil, refuse(ReasonMalformed, err.Error())
	}
	doc, err := io.ReadAll(io.LimitReader(r, MaxPayload+1))
	if len(doc) > MaxPayload {
		return nil, refuse(ReasonTooLarge, fmt.Sprintf("more than %d bytes after gunzip: send smaller batches", MaxPayload))
	}
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, refuse(ReasonMalformed, "gzip: "+err.Error())
	}
	if len(bytes.TrimSpace(doc)) == 0 {
		return nil, refuse(ReasonEmpty, "the payload is empty after gunzip")
	}
	return doc, nil
}
