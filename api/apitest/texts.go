package apitest

import (
	"context"

	"presage"
	"presage/internal/wording"
)

// TextPreviews implements rest.Texts.
func (w *World) TextPreviews(context.Context, bool) ([]wording.Preview, bool, error) {
	if w.Err != nil {
		return nil, false, w.Err
	}
	texts, err := wording.OpenTexts("", w.catalogue, presage.Text{ZH: "诺维克服务", EN: "Norvik Service"})
	if err != nil {
		return nil, false, err
	}
	rows, err := texts.Preview(nil)
	return rows, false, err
}

// ReloadTexts implements web.Texts.
func (w *World) ReloadTexts() []wording.Fault { return w.TextFaults }

// TextFolder implements web.Texts.
func (w *World) TextFolder() string { return "texts" }
