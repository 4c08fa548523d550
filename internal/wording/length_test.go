package wording_test

import (
	"testing"

	"presage"
	"presage/internal/wording"
	"presage/models"
)

// TestEveryTextFits writes every kind about every component, job and watch rule of
// the embedded catalogue.
func TestEveryTextFits(t *testing.T) {
	t.Parallel()
	cat, err := models.LoadCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	book := load(t)
	for _, l := range []presage.Lang{presage.Chinese, presage.English} {
		for _, s := range wording.Samples(cat, l, presage.Text{ZH: "诺维克服务", EN: "Norvik Service"}) {
			for _, k := range wording.Kinds() {
				text, err := book.Write(k, s.Facts)
				if err != nil {
					t.Fatal(err)
				}
				if text.Segments > wording.MaxSegments {
					t.Errorf("%s %s %s: %d segments, %d characters: %s", l, s.Name, k, text.Segments, len([]rune(text.SMS)), text.SMS)
				}
				if l == presage.English && text.Encoding != wording.GSM7 {
					t.Errorf("%s %s %s: %s: %s", l, s.Name, k, text.Encoding, text.SMS)
				}
			}
		}
	}
}
