// Progressive enhancement only: every page works without these modules.
import { initArticleTools } from "./article_tools.js";
import { initMenu } from "./menu.js";
import { initReads } from "./reads.js";
import { initRelativeTime } from "./relative_time.js";
import { initSaveButton } from "./save_button.js";
import { initSearchFields } from "./search_field.js";
import { initTextSize } from "./text_size.js";
import { initTheme } from "./theme.js";
import { initWorker } from "./worker.js";

initTheme();
initMenu();
initArticleTools();
initTextSize();
initSaveButton();
initRelativeTime();
initSearchFields();
initWorker();
initReads();

// What few pages need is fetched where it is needed.
const live = document.querySelector("[data-updates]");
if (live) import("./live.js").then(({ initLive }) => initLive(live));
if (document.querySelector("[data-embed]")) import("./embeds.js").then(({ initEmbeds }) => initEmbeds());
