import { api, base, browserOf, journey, people } from "./browser.mjs";
await journey("probe", async()=>{
 const ana=await browserOf(people.ana); const {page}=ana;
 await page.goto(base+"/w/harbor/contacts"); await page.getByRole("grid").waitFor();
 console.log((await page.locator("main").ariaSnapshot()).slice(0,3000));
 for (const b of await page.getByRole("button").all()) console.log((await b.evaluate(e=>e.outerHTML)).slice(0,120).replace(/class=.*/,""));
});
