package mailtest

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
)

// Part is the part of a message with a media type, decoded; "" for none.
func (m Sent) Part(media string) string {
	read, err := mail.ReadMessage(strings.NewReader(m.Raw))
	if err != nil {
		return ""
	}
	_, of, err := mime.ParseMediaType(read.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	for parts := multipart.NewReader(read.Body, of["boundary"]); ; {
		p, err := parts.NextRawPart()
		if err != nil {
			return ""
		}
		if !strings.HasPrefix(p.Header.Get("Content-Type"), media) {
			continue
		}
		raw, _ := io.ReadAll(decoder(p, p.Header.Get("Content-Transfer-Encoding")))
		return strings.ReplaceAll(string(raw), "\r\n", "\n")
	}
}

func decoder(r io.Reader, encoding string) io.Reader {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, r)
	}
	return r
}
