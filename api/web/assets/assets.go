// Package assets embeds and serves the pages' style sheets, scripts and
// vendored libraries. Every file has an address that holds its hash and may be
// cached for ever; what is compressible is compressed once, at start.
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
)

//go:embed static
var files embed.FS

// Set holds the files in memory, ready to serve. It does not change after Load.
type Set struct {
	byName map[string]file
}

type file struct {
	hash   string
	mime   string
	plain  []byte
	packed []byte // gzip; nil when it does not pay
}

// Load reads the embedded files. The style sheets of css/ are joined in the
// order of their names into app.css.
func Load() (*Set, error) {
	s := &Set{byName: map[string]file{}}
	var sheet bytes.Buffer
	err := fs.WalkDir(files, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		switch name = strings.TrimPrefix(name, "static/"); {
		case strings.HasPrefix(name, "css/"):
			sheet.Write(raw)
			return nil
		case strings.HasSuffix(name, ".gz"):
			return s.addPacked(strings.TrimSuffix(name, ".gz"), raw)
		case slices.Contains([]string{".js", ".css", ".svg", ".webmanifest"}, path.Ext(name)):
			return s.add(name, raw)
		}
		return nil // licences and notes stay in the binary, unserved
	})
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	return s, s.add("app.css", sheet.Bytes())
}

func (s *Set) add(name string, raw []byte) error {
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(raw); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	f := newFile(name, raw)
	if packed.Len() < len(raw)*9/10 {
		f.packed = packed.Bytes()
	}
	s.byName[name] = f
	return nil
}

// addPacked takes a file that its maker already compressed.
func (s *Set) addPacked(name string, packed []byte) error {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	f := newFile(name, raw)
	f.packed = packed
	s.byName[name] = f
	return nil
}

func newFile(name string, raw []byte) file {
	sum := sha256.Sum256(raw)
	return file{hash: hex.EncodeToString(sum[:6]), mime: mime.TypeByExtension(path.Ext(name)), plain: raw}
}

// URL is the address of a file with its hash in it. An unknown name is a
// programmer's mistake and gives an address that answers 404.
func (s *Set) URL(name string) string { return "/static/" + s.byName[name].hash + "/" + name }

// ServeFile answers for the path below /static/.
func (s *Set) ServeFile(w http.ResponseWriter, r *http.Request, below string) {
	hash, name, _ := strings.Cut(strings.TrimPrefix(below, "/"), "/")
	f, ok := s.byName[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.mime)
	h.Set("ETag", `"`+f.hash+`"`)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if hash == f.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == `"`+f.hash+`"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.plain
	if f.packed != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.packed
	}
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body) // the reader hung up: nothing to be done
}
