// What the cells say, in the language of the page.
const chinese = document.documentElement.lang.startsWith("zh");
const choose = (english, translation) => (chinese ? translation : english);

export const language = choose("en", "zh-TW");

export const words = {
  cell: (number) => choose(`Cell ${number}`, `儲存格 ${number}`),
  code: choose("Python code. Shift-Enter runs it; Escape, then Tab leaves it.", "Python 程式。Shift-Enter 執行；先按 Escape 再按 Tab 離開。"),
  output: choose("Output", "輸出"),
  formula: choose("Formula", "公式"),
  copy: choose("Copy", "複製"),
  run: choose("Run", "執行"),
  stop: choose("Stop", "停止"),
  edit: choose("Edit", "編輯"),
  above: choose("Run all above", "從頭執行到這裡"),
  aboveTitle: choose("Run every cell above in order, then this one", "依序執行上面的每個儲存格，再執行這個"),
  reset: choose("Reset", "還原"),
  resetTitle: choose("Bring back the code and the output of the book", "恢復本書原來的程式與輸出"),
  runTitle: choose("Run this cell on your own machine (Shift-Enter)", "在你自己的電腦上執行這個儲存格（Shift-Enter）"),
  step: choose("Step through this run", "逐步看這次執行"),
  stepTitle: choose("Walk through the backpropagation of this cell's net, x and y, one equation at a time",
    "用這個儲存格的 net、x、y，把反向傳播一個公式一個公式走一遍"),
  check: choose("Check", "驗證"),
  checkTitle: choose("Put this code in the place of the function, in every cell of the page, and run its checks",
    "用這段程式取代這一頁每個儲存格裡的函式，並執行它的各項驗證"),
  holds: (edited) => (edited ? choose("Every check passed. Cells of this page now run your code.", "全部通過。這一頁的儲存格現在執行的是你的程式。")
    : choose("Every check passed.", "全部通過。")),
  refuted: choose("A check failed. Cells of this page now run your code; Reset brings the shipped one back.",
    "有驗證沒有通過。這一頁的儲存格現在執行的是你的程式；按「還原」就會恢復原來的。"),
  loading: (loaded, total) => choose(`Loading Python: ${loaded} of ${total} MB`, `正在載入 Python：${loaded}／${total} MB`),
  starting: choose("Starting Python…", "正在啟動 Python…"),
  waiting: choose("Waiting…", "等待中…"),
  running: choose("Running…", "執行中…"),
  done: (seconds) => choose(`Done in ${seconds} s`, `完成，${seconds} 秒`),
  error: choose("Error: see below", "出錯了，訊息在下面"),
  needsAbove: choose("Error. This cell builds on cells above that have not run: “Run all above” runs them too.",
    "出錯了。這個儲存格要用到上面還沒執行的儲存格，請按「從頭執行到這裡」。"),
  stopped: choose("Stopped. What the cells had computed is gone.", "已停止，先前算出的變數都不在了。"),
  notRun: choose("Not run, because a cell above stopped with an error.", "上面的儲存格出錯，所以沒有執行。"),
  memory: choose("Out of memory: all cells together may use 1 GB. Python was ended; what the cells had computed is gone, and the next run starts anew.",
    "記憶體不足：所有儲存格合計最多使用 1 GB。Python 已結束，先前算出的變數都不在了，下次執行會重新開始。"),
  crashed: choose("Python broke down and was ended. What the cells had computed is gone, and the next run starts anew.",
    "Python 當掉了，已經結束，先前算出的變數都不在了，下次執行會重新開始。"),
  notLoaded: (reason) => choose(`Python could not be loaded (${reason}). Run tries again.`, `Python 載入失敗（${reason}），再按「執行」會重試。`),
  cut: choose("… The rest of the output is left out: a cell shows at most 200,000 characters.", "……後面的輸出省略了：每個儲存格最多顯示 20 萬個字元。"),
};
