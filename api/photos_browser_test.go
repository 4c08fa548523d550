//go:build integration

package api_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// fileOf is a file that a person picks.
func fileOf(t *testing.T, name, data string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// A technician's photos, as wide as a desk and as a phone, in both languages, with scripts
// and without.
func TestPhotosInABrowser(t *testing.T) {
	t.Parallel()
	inEveryWindow(t, func(t *testing.T, w window, lang string) {
		t.Helper()
		r := start(t, nil)
		c, id := atWork(t, r)
		b := r.browse(t, w)
		b.asAdviser()
		b.open("/job/" + id + "?lang=" + lang)
		j := &jobTab{browser: b, id: id, lang: lang, first: string(c.Components[0])}
		j.photograph()
	})
}

// photograph adds photos beside a result that is half typed, one of them none, shows one
// to the customer and removes it.
func (j *jobTab) photograph() {
	j.t.Helper()
	j.fresh()
	j.typeIn("odometer", "99000")
	j.choose("first", "yes")
	pick := func(files ...string) {
		j.do(chromedp.SetUploadFiles(`#photos input[multiple]`, files, chromedp.ByQuery))
	}
	pick(fileOf(j.t, "pad.jpg", snapshot(j.t, 640, 480, 90)), fileOf(j.t, "note.txt", "hello"))
	j.press(`#photos button[formaction$="/photos"]`, "#photos .fault")
	j.kept("a photo that is none", "odometer", "99000")
	j.chosen("a photo that is none", "first", "yes")
	if n := j.count("#photos .album img"); n != 1 {
		j.t.Errorf("%d photos are shown, want 1", n)
	}
	j.clean("a photo that is none")
	j.shot("photos")
	j.press(`#photos button[formaction$="/show"]`, `#photos button[formaction$="/hide"]`)
	j.kept("shown to the customer", "odometer", "99000")
	j.press(`#photos button[formaction$="/remove"]`, "#photos .empty-line")
	j.kept("removed", "odometer", "99000")
	j.clean("removed")
	if all, err := j.world.JobPhotos(j.t.Context(), j.id); err != nil || len(all) != 0 {
		j.t.Errorf("left %+v, %v", all, err)
	}
	j.nothingKept("photos")
}
