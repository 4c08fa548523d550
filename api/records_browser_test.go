//go:build integration

package api_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// A planner chooses a file, sees what it would change, and takes it in.
func TestRecordsInABrowser(t *testing.T) {
	t.Parallel()
	atTheDesk(t, func(t *testing.T, b *browser, lang string) {
		t.Helper()
		file := filepath.Join(t.TempDir(), "prices.csv")
		if err := os.WriteFile(file, []byte("part,price\n"+pads+",1.25\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		b.looks("records", "/parts/import?lang="+lang, mostDesk, pick(lang, "导入文件", "Import a file"))
		b.fills("who", "Li Na")
		b.do(chromedp.SetValue(`[name=list]`, "prices", chromedp.ByQuery), chromedp.SetUploadFiles(`[name=file]`, []string{file}, chromedp.ByQuery))
		b.press("main form .button.primary", "#report")
		b.says("what would change", "1.25", pick(lang, "全部导入", "Take all of it in"))
		b.clean("what would change")
		b.press("main form .button.primary", "main:not(:has([name=text])) #report")
		b.says("it was taken in", "1.25", pick(lang, "已导入", "It was taken in"))
		b.clean("it was taken in")
	})
}
