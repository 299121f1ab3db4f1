<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>GeoSAM</name>
    <message>
      <source>, where {} MB are free</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>1 for a point on the object, 0 for one beside it. None: all points are on it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>; and {} more reasons</source>
      <translation>; und {} weitere Gründe</translation>
    </message>
    <message>
      <source>A GeoTIFF of the tiles, put together.</source>
      <translation>Ein GeoTIFF aus den zusammengesetzten Kacheln.</translation>
    </message>
    <message>
      <source>A JSON file from Preview patches, from QGIS's Copy as JSON, or from Geo-SAM's Encoder Copilot. Its values are taken for what is not given here. In a command or script all that is named counts as given; in a dialog, where everything has a value, what differs from its default.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A JSON file that the parameter SETTINGS of Encode raster takes.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A layer of points, or of polygons or lines, whose bounding boxes are the boxes; in any CRS. A feature of several points is one object.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A layer of points, or of polygons or lines, whose bounding boxes are the boxes; in any CRS. Each feature is one object.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A new or empty folder, or one with an engine to renew. None: geosam/engine in the folder of the QGIS profile.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A raster layer that is no file. In a command, XYZ tiles are 'wms://type=xyz&amp;url=https://host/{z}/{x}/{y}.png&amp;zmin=0&amp;zmax=19'; write %26 for an &amp; and %3D for an = inside the address.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A row a model. verified is empty where the official hash is not known.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A table: for each resolution and stride the number of patches, the disk space, the time and the share of the objects that are whole in a patch.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Address of a folder that has the checkpoints under their official names, such as https://mirror.example/sam/. None: the makers' own server.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Address of a folder that has the checkpoints under their official names. None: the makers' own server.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>All files (*)</source>
      <translation>Alle Dateien (*)</translation>
    </message>
    <message>
      <source>An object a row: before_m2, after_m2 and change_m2 in square metres, change_percent. The outline is that of the later date, or of the earlier one if the object is gone: the field outline tells.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>An object whose mask has a lower score, as the model estimates it, is not there.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>An official model. tiny is the quickest without a GPU; base_plus is finer.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Any raster layer that has a CRS: files, XYZ, WMTS, WMS, WCS and others. In a command, a tile layer is INPUT='wms://type=xyz&amp;url=...&amp;zmin=0&amp;zmax=19'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Any raster that GDAL opens and that has a CRS: images, indices, radar, elevation. None: the one that the settings file names.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Area</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Area statistics</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Authentication</source>
      <translation>Authentifizierung</translation>
    </message>
    <message>
      <source>BOXES ({}) is a layer of points: give one of polygons or lines</source>
      <translation>BOXES ({}) ist ein Punktlayer: einen aus Polygonen oder Linien angeben</translation>
    </message>
    <message>
      <source>BOXES go with the points of PROMPTS: give that, too, or give them as PROMPTS</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Bands, up to three</source>
      <translation>Kanäle, bis zu drei</translation>
    </message>
    <message>
      <source>Batch size (patches)</source>
      <translation>Stapelgröße (Ausschnitte)</translation>
    </message>
    <message>
      <source>Batch size (prompts)</source>
      <translation>Stapelgröße (Vorgaben)</translation>
    </message>
    <message>
      <source>Bounding boxes to go with the points. With an object id field, which this layer must then have too, a box goes with the points of its id; without one, with the points that lie in it. A box without points is an object by itself.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Box of one object</source>
      <translation>Rahmen um ein Objekt</translation>
    </message>
    <message>
      <source>Boxes for the points</source>
      <translation>Rahmen zu den Punkten</translation>
    </message>
    <message>
      <source>Build of PyTorch</source>
      <translation>Bau von PyTorch</translation>
    </message>
    <message>
      <source>CUDA device index</source>
      <translation>Nummer des CUDA-Geräts</translation>
    </message>
    <message>
      <source>Cache</source>
      <translation>Zwischenspeicher</translation>
    </message>
    <message>
      <source>Cancelled: what came is kept, run again to go on</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Cancelled: what was done by then is kept</source>
      <translation>Abgebrochen: was bis dahin fertig war, bleibt erhalten</translation>
    </message>
    <message>
      <source>Cannot make the folder {} ({}): give another OUTPUT</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Cannot write the report {} ({}): give another OUTPUT</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Cannot write to {} ({}){}: make room there or give another folder</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Cannot write {} ({}): give another file</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Cannot write {} ({}): make room there or give another</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Cannot write {}: check that its folder can be written to</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Changes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Checkpoint</source>
      <translation>Checkpoint</translation>
    </message>
    <message>
      <source>Checkpoint carried over by hand</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Checkpoint file</source>
      <translation>Checkpoint-Datei</translation>
    </message>
    <message>
      <source>Checkpoints (*.pt *.pth);;All files (*)</source>
      <translation>Checkpoints (*.pt *.pth);;Alle Dateien (*)</translation>
    </message>
    <message>
      <source>Clear live cache</source>
      <translation>Live-Zwischenspeicher leeren</translation>
    </message>
    <message>
      <source>Compare the files' SHA-256</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Compare two dates</source>
      <translation>Zwei Zeitpunkte vergleichen</translation>
    </message>
    <message>
      <source>Comparison</source>
      <translation>Vergleich</translation>
    </message>
    <message>
      <source>Device</source>
      <translation>Gerät</translation>
    </message>
    <message>
      <source>Device that models run on</source>
      <translation>Gerät, auf dem Modelle laufen</translation>
    </message>
    <message>
      <source>Device that runs the models</source>
      <translation>Gerät, auf dem die Modelle laufen</translation>
    </message>
    <message>
      <source>Disk space of the features (megabytes)</source>
      <translation>Plattenplatz der Merkmale (Megabyte)</translation>
    </message>
    <message>
      <source>Download a model and segment</source>
      <translation>Modell herunterladen und segmentieren</translation>
    </message>
    <message>
      <source>Download model</source>
      <translation>Modell herunterladen</translation>
    </message>
    <message>
      <source>Downloading {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Encode as recommended</source>
      <translation>Wie empfohlen kodieren</translation>
    </message>
    <message>
      <source>Encode patches without data too</source>
      <translation>Auch Ausschnitte ohne Daten kodieren</translation>
    </message>
    <message>
      <source>Encode raster</source>
      <translation>Raster kodieren</translation>
    </message>
    <message>
      <source>Encode tile layer</source>
      <translation>Kachellayer kodieren</translation>
    </message>
    <message>
      <source>Encodes a part of an online map: XYZ tiles, WMTS, WMS, WCS, ArcGIS, and whatever else QGIS shows as a raster but is no file. QGIS fetches the tiles, with its own settings for passwords and proxies; the features are the same as those of Encode raster, and Segment from prompts takes them.

Tiles that do not come are counted and left out. Stopped or failed, a run with the same settings continues where it was, and fetches no tile twice. Mind the terms of use of the server: many allow to look at tiles, but not to fetch a whole country.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Encodes a raster, turns a layer of points or boxes into polygons, and cleans these up: fills holes, drops superfluous vertices, and rounds or squares the outlines. The features can be kept for the next prompts.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Encodes patches of the bundled model for ten seconds. Off: the report is quicker.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Encoding</source>
      <translation>Kodierung</translation>
    </message>
    <message>
      <source>Engine</source>
      <translation>Engine</translation>
    </message>
    <message>
      <source>Engine report</source>
      <translation>Bericht zur Engine</translation>
    </message>
    <message>
      <source>Environment variables</source>
      <translation>Umgebungsvariablen</translation>
    </message>
    <message>
      <source>Example objects</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Example objects or prompts</source>
      <translation>Beispielobjekte oder Vorgaben</translation>
    </message>
    <message>
      <source>Extent</source>
      <translation>Ausdehnung</translation>
    </message>
    <message>
      <source>Features</source>
      <translation>Merkmale</translation>
    </message>
    <message>
      <source>Features of an earlier run</source>
      <translation>Merkmale eines früheren Laufs</translation>
    </message>
    <message>
      <source>Fetches an official model, if it is not there yet, encodes a raster with it, and turns a layer of points or boxes into polygons. What an earlier run fetched or encoded into the same folder is used again.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Fetches the official checkpoint of a model into the folder where the other algorithms look for it, and compares its SHA-256. Broken off, it goes on where it was. A file that is there already and right is left as it is.

The network is QGIS's, with its proxy and passwords. For a machine without network, carry the file over and give it as FILE.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Fetching patch {} of {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Fetching {} x {} pixels of {:.6g} map units</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Fill holes up to (square map units)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Fill holes up to (square metres)</source>
      <translation>Löcher füllen bis (Quadratmeter)</translation>
    </message>
    <message>
      <source>Folder of the cache</source>
      <translation>Ordner des Zwischenspeichers</translation>
    </message>
    <message>
      <source>Folder of the engine</source>
      <translation>Ordner der Engine</translation>
    </message>
    <message>
      <source>Folder of the live cache</source>
      <translation>Ordner des Live-Zwischenspeichers</translation>
    </message>
    <message>
      <source>Folder of the models</source>
      <translation>Ordner der Modelle</translation>
    </message>
    <message>
      <source>Folder of wheels</source>
      <translation>Ordner mit Wheels</translation>
    </message>
    <message>
      <source>For the estimate of the time, such as that of another computer. None: one patch is put through the model here and now, if the model is there.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Free disk space</source>
      <translation>Freier Plattenplatz</translation>
    </message>
    <message>
      <source>Free disk space for models (gigabytes)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Freed space (megabytes)</source>
      <translation>Freigegebener Platz (Megabyte)</translation>
    </message>
    <message>
      <source>From the start of a patch to that of the next. Half a patch (512; for geosam_nano 256) has every object of up to half a patch whole in some patch; smaller takes longer, larger is quicker. No more than the model's patch.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>GeoSAM (Segment Anything for rasters)</source>
      <translation>GeoSAM (Segment Anything für Raster)</translation>
    </message>
    <message>
      <source>GeoSAM Processing</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>GeoSAM engine report</source>
      <translation>Bericht zur GeoSAM-Engine</translation>
    </message>
    <message>
      <source>Give EXTENT or PROMPTS, but not both: they say which part is encoded</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give ZOOM or RESOLUTION, but not both</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give ZOOM or RESOLUTION: the layer has no one size of pixels of its own</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>HTML files (*.html)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Holes of up to this area are filled. 0: none.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How far a patch is from the next. None: half a patch of the model, which lets every object of up to that size lie whole in some patch; smaller ones take longer.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How far beyond the outermost prompts is encoded. An object has to lie in there as a whole.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How far outlines may be moved to have fewer vertices. 0: not at all; they follow the pixels. Geo-SAM uses 1.5.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How far outlines may be moved to have fewer vertices. 0: they follow the pixels.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How many patches an object may be tried on until it does not reach the edge any more. 1: the first only.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How many patches go through the model at a time. 0 chooses by the memory that is free.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How many prompts go through the model at a time. 0 chooses by the memory that is free.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How often a tile that failed is asked for again, after 1, 2, 4 ... seconds. What the server does not have or refuses (HTTP 404, 403 ...) is not asked for again.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How often the manifest, which names the patches that are done, is written. One of balanced (every 16 patches) and low_memory (every patch); in a large folder, whenever a twentieth of it is new. A run that goes on finds all patches either way.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>If given, it brings the Python, whatever is on this computer. None: uv is used only where no Python fits: that on the path, else one fetched by pip.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>In the order red, green, blue. One band is taken three times, of two the second one twice. None: the first one to three. In a command: BANDS=3;2;1 in quotes.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Install engine</source>
      <translation>Engine installieren</translation>
    </message>
    <message>
      <source>Instead of a layer of prompts: click on the object. In a command: x,y in the CRS of the raster layer, or x,y [EPSG:4326].</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Instead of a layer of prompts: draw the box around the object. With a point in it, both are one object. In a command: xmin,xmax,ymin,ymax in the CRS of the raster layer, or with [EPSG:4326] after it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Instead of a stride: how much of a patch's width the next one covers again. 50 is a stride of half a patch.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Instead of a target resolution: how many times as wide as the raster's own pixels the new ones are. 2 for patches that cover four times the area.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid BANDS ({}): give up to three band numbers, such as 3;2;1</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid CRS ({}): give EPSG:n with a code that exists, or WKT</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid MAX_TILES ({}): give 1 or more</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid MIRROR ({}): give an address that begins with https:// or http://</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid MISSING ({}): choose mask or error</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid MODEL_TYPE ({}) in SETTINGS ({}): GeoSAM has no such model; give MODEL, or correct it to one of {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid RANGE ({}): give a minimum and a maximum, such as 0,3000</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid RASTER ({}): it is a GeoTIFF, so let it end in .tif</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid RESOLUTION ({}): give metres above 0</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid RETRIES ({}): give 0 or more</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid ZOOM ({}): valid values for the layer {} are {} to {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid band number for BANDS ({}): valid values for the input raster are 1 to {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid {} ({}) in SETTINGS ({}): correct the file, or give {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid {} ({}): choose one of {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid {} ({}): give numbers separated by commas</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid {} ({}): give {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Invalid {} ({}): the fields of {} are {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Keep the largest part only</source>
      <translation>Nur den größten Teil behalten</translation>
    </message>
    <message>
      <source>Label field</source>
      <translation>Feld mit Vorder- und Hintergrund</translation>
    </message>
    <message>
      <source>Largest size of the cache (megabytes)</source>
      <translation>Höchste Größe des Zwischenspeichers (Megabyte)</translation>
    </message>
    <message>
      <source>Leaves out so much of the lowest and of the highest values where the value range is taken from the raster. 2 brightens a raster with a few extreme values.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>List models</source>
      <translation>Modelle auflisten</translation>
    </message>
    <message>
      <source>Looks at a few example objects, finds the resolution and the stride at which objects like them lie whole in a patch, and encodes the raster so. The features are then ready for Segment from prompts.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Make it anew even if it is up to date</source>
      <translation>Neu anlegen, auch wenn sie aktuell ist</translation>
    </message>
    <message>
      <source>Makes a table of all models: what they are good for, how large they are, their licence, whether they are downloaded, where, and whether the file is the official one.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Makes the environment that GeoSAM's models run in: PyTorch and its company, apart from QGIS's own Python, in the folder of your QGIS profile. Run it once, and again after an update of the plugin; if all is up to date it ends at once.

It downloads about 200 MB and takes 2 GB on the disk, with CUDA 3 GB and 7 GB. Stopped, it continues the next time. An engine that is there stays in use until the new one has proved itself.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Manifest</source>
      <translation>Manifest</translation>
    </message>
    <message>
      <source>Margin around the objects (pixels)</source>
      <translation>Rand um die Objekte (Pixel)</translation>
    </message>
    <message>
      <source>Masks</source>
      <translation>Masken</translation>
    </message>
    <message>
      <source>Measure how fast patches are encoded</source>
      <translation>Messen, wie schnell Ausschnitte kodiert werden</translation>
    </message>
    <message>
      <source>Memory</source>
      <translation>Arbeitsspeicher</translation>
    </message>
    <message>
      <source>Memory of the GPU</source>
      <translation>Speicher der GPU</translation>
    </message>
    <message>
      <source>Memory strategy</source>
      <translation>Speicherstrategie</translation>
    </message>
    <message>
      <source>Memory that encoding takes (megabytes)</source>
      <translation>Speicherbedarf der Kodierung (Megabyte)</translation>
    </message>
    <message>
      <source>Minimum area (square metres)</source>
      <translation>Mindestfläche (Quadratmeter)</translation>
    </message>
    <message>
      <source>Minimum score (0 to 1)</source>
      <translation>Mindestgüte (0 bis 1)</translation>
    </message>
    <message>
      <source>Mirror</source>
      <translation>Spiegelserver</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <source>Model folder</source>
      <translation>Modellordner</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <source>Models run on</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>More than that is an error, before anything is fetched. Raise it only if the server's terms of use allow so many.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Most patches to draw</source>
      <translation>Höchstzahl gezeichneter Ausschnitte</translation>
    </message>
    <message>
      <source>Most tiles to fetch</source>
      <translation>Höchstzahl abzurufender Kacheln</translation>
    </message>
    <message>
      <source>Number of files in the cache</source>
      <translation>Zahl der Dateien im Zwischenspeicher</translation>
    </message>
    <message>
      <source>Number of files that were removed</source>
      <translation>Zahl der entfernten Dateien</translation>
    </message>
    <message>
      <source>Number of models that are there</source>
      <translation>Zahl der vorhandenen Modelle</translation>
    </message>
    <message>
      <source>Number of models whose checkpoint is there and whole</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Number of patches</source>
      <translation>Zahl der Ausschnitte</translation>
    </message>
    <message>
      <source>Number of patches in the folder</source>
      <translation>Zahl der Ausschnitte im Ordner</translation>
    </message>
    <message>
      <source>Number of patches that an earlier run had encoded</source>
      <translation>Zahl der Ausschnitte aus einem früheren Lauf</translation>
    </message>
    <message>
      <source>Number of patches that are in the features already</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Number of patches that came from the cache</source>
      <translation>Zahl der Ausschnitte aus dem Zwischenspeicher</translation>
    </message>
    <message>
      <source>Number of patches that were encoded</source>
      <translation>Zahl der kodierten Ausschnitte</translation>
    </message>
    <message>
      <source>Number of patches without data, which are skipped</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Number of patches without data, which were skipped</source>
      <translation>Zahl der übersprungenen Ausschnitte ohne Daten</translation>
    </message>
    <message>
      <source>Number of polygons</source>
      <translation>Zahl der Polygone</translation>
    </message>
    <message>
      <source>Number of tiles</source>
      <translation>Zahl der Kacheln</translation>
    </message>
    <message>
      <source>Number of unanswered prompts</source>
      <translation>Zahl der unbeantworteten Vorgaben</translation>
    </message>
    <message>
      <source>Object id field</source>
      <translation>Feld mit der Objektnummer</translation>
    </message>
    <message>
      <source>Objects</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Objects in their patches</source>
      <translation>Objekte in ihren Ausschnitten</translation>
    </message>
    <message>
      <source>Objects like those that you will segment, roughly drawn, in any CRS; their bounding boxes count. With them, a resolution and a stride are recommended.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Objects like those that you will segment, roughly drawn; their bounding boxes count.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Objects that lie whole in a patch (percent)</source>
      <translation>Objekte, die ganz in einem Ausschnitt liegen (Prozent)</translation>
    </message>
    <message>
      <source>Of more patches only the first ones become polygons. The numbers are those of all.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Off: an engine that works and is up to date is left as it is.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Off: patches that are wholly nodata are skipped.</source>
      <translation>Aus: Ausschnitte, die ganz ohne Daten sind, werden übersprungen.</translation>
    </message>
    <message>
      <source>Off: the processor does the work, even if there is a GPU that could.</source>
      <translation>Aus: der Prozessor rechnet, auch wenn eine GPU es könnte.</translation>
    </message>
    <message>
      <source>On: a file of the model's name that is not the official one is replaced. Off: that is an error.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>On: each file that is there is read; a second for the large ones. Off: verified stays empty.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>On: of a mask in several pieces only the largest one becomes the polygon.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>One of auto, best, smallest, largest, single. auto asks the model for three masks of a lone point and keeps the one with the best score, and for a single mask of every other prompt. best, smallest and largest always ask for three and keep that one; single always asks for one.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>One of auto, cpu, cuda. auto: cuda where an NVIDIA driver answers, else cpu, which is much smaller. On a Mac there is one build for both.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>One of auto, float32, bfloat16, float16. auto: float32 on a processor, which is exact, float16 on an NVIDIA GPU. bfloat16 takes about half the time on a processor that has AVX-512 BF16 or AMX, and masks keep an IoU of 0.997 with those of float32, on average; float16 needs a GPU and keeps 0.9998.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>One of float16, float32. float16 takes half the space and keeps masks at an IoU of 0.9998 with those of float32, on average.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>One of geosam_nano, vit_b, vit_l, vit_h, sam2_hiera_tiny, sam2_hiera_small, sam2_hiera_base_plus, sam2_hiera_large, sam2.1_hiera_tiny, sam2.1_hiera_small, sam2.1_hiera_base_plus, sam2.1_hiera_large. geosam_nano comes with the plugin and is for a first try; for real work take an official model, whose checkpoint you download once.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>One of mask (their pixels are nodata, and a warning tells how many) and error (the run ends; what was fetched is kept for the next one).</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>One of vit_b, vit_l, vit_h, sam2_hiera_tiny, sam2_hiera_small, sam2_hiera_base_plus, sam2_hiera_large, sam2.1_hiera_tiny, sam2.1_hiera_small, sam2.1_hiera_base_plus, sam2.1_hiera_large. sam2.1_hiera_base_plus is a good choice for most work; tiny is the quickest without a GPU. sam3 does not run yet: it tells what it needs.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>One row: number of objects, total, mean, smallest and largest area in square metres.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Only this part of the raster is encoded. None: all of it.</source>
      <translation>Nur dieser Teil des Rasters wird kodiert. Keine: das ganze.</translation>
    </message>
    <message>
      <source>Outlines</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Outlines of the patches, so that you see what was encoded.</source>
      <translation>Umrisse der Ausschnitte, damit zu sehen ist, was kodiert wurde.</translation>
    </message>
    <message>
      <source>Outlines of the patches, with the share of nodata, and whether one would be skipped or is in the features already.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Overlap of neighbouring patches (percent)</source>
      <translation>Überlappung benachbarter Ausschnitte (Prozent)</translation>
    </message>
    <message>
      <source>Overlap of the patches (percent)</source>
      <translation>Überlappung der Ausschnitte (Prozent)</translation>
    </message>
    <message>
      <source>PNG (*.png)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>PROMPTS ({}) has no point and no box in the layer's CRS ({}): give a layer that has</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>PROMPTS and {} are given: leave one of them empty</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>PROMPTS has no prompt that the model could be asked</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Package index of PyTorch (URL)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Patches</source>
      <translation>Ausschnitte</translation>
    </message>
    <message>
      <source>Patches an object, at most</source>
      <translation>Ausschnitte je Objekt, höchstens</translation>
    </message>
    <message>
      <source>Patches encoded: {}; from the cache: {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Percentile cut (percent at each end)</source>
      <translation>Perzentilschnitt (Prozent an jedem Ende)</translation>
    </message>
    <message>
      <source>Picture of the raster with its patches</source>
      <translation>Bild des Rasters mit seinen Ausschnitten</translation>
    </message>
    <message>
      <source>Point on one object</source>
      <translation>Punkt auf einem Objekt</translation>
    </message>
    <message>
      <source>Points or boxes that you will segment. The rectangle around all of them is encoded, and its surroundings. Give this or an extent.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Polygons</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Polygons after</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Polygons before</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Precision of the computation</source>
      <translation>Rechengenauigkeit</translation>
    </message>
    <message>
      <source>Precision of the features</source>
      <translation>Genauigkeit der Merkmale</translation>
    </message>
    <message>
      <source>Preview patches</source>
      <translation>Vorschau der Ausschnitte</translation>
    </message>
    <message>
      <source>Processor</source>
      <translation>Prozessor</translation>
    </message>
    <message>
      <source>Program uv</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Prompt</source>
      <translation>Vorgabe</translation>
    </message>
    <message>
      <source>Prompts</source>
      <translation>Vorgaben</translation>
    </message>
    <message>
      <source>Prompts outside of it are left out.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Prompts whose mask has a lower score, as the model estimates it, stay unanswered.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Prompts whose polygon is smaller stay unanswered.</source>
      <translation>Vorgaben, deren Polygon kleiner ist, bleiben unbeantwortet.</translation>
    </message>
    <message>
      <source>Prompts whose surroundings to encode</source>
      <translation>Vorgaben, deren Umgebung kodiert wird</translation>
    </message>
    <message>
      <source>Prompts with the same value are one object. None: each feature is one.</source>
      <translation>Vorgaben mit demselben Wert sind ein Objekt. Keines: jedes Objekt des Layers ist eines.</translation>
    </message>
    <message>
      <source>Prompts without a polygon.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Prompts without a polygon: {} ({})</source>
      <translation>Vorgaben ohne Polygon: {} ({})</translation>
    </message>
    <message>
      <source>Python</source>
      <translation>Python</translation>
    </message>
    <message>
      <source>Python 3.11 to 3.14 with its venv module. None: QGIS's own or another one on this computer that fits; where none does, one is fetched with uv.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Python of the engine</source>
      <translation>Python der Engine</translation>
    </message>
    <message>
      <source>Python of the engine's environment</source>
      <translation>Python der Umgebung der Engine</translation>
    </message>
    <message>
      <source>Python to make it with</source>
      <translation>Python zum Anlegen</translation>
    </message>
    <message>
      <source>QGIS</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>QGIS does not know the CRS of the features ({}): encode in another CRS</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>QGIS's authentication configuration for a mirror that wants a login.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>RESOLUTION ({}) and ZOOM ({}) are given: leave one empty</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Raster</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Raster after</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Raster before</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Raster layer</source>
      <translation>Rasterlayer</translation>
    </message>
    <message>
      <source>Raster or tile layer</source>
      <translation>Raster- oder Kachellayer</translation>
    </message>
    <message>
      <source>Raster that was seen</source>
      <translation>Gesehenes Raster</translation>
    </message>
    <message>
      <source>Recommended resolution (metres)</source>
      <translation>Empfohlene Auflösung (Meter)</translation>
    </message>
    <message>
      <source>Recommended stride (pixels)</source>
      <translation>Empfohlene Schrittweite (Pixel)</translation>
    </message>
    <message>
      <source>Remove engine</source>
      <translation>Engine entfernen</translation>
    </message>
    <message>
      <source>Removed {} files, {:.1f} MB, from {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Removes the engine that Install engine made, and frees its gigabytes. Nothing else is touched: models and features stay, and so does any file of yours in that folder.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Removes the features that Segment live keeps. They are encoded anew when they are needed. Nothing else in the folder is touched.

The folder and the size of the cache are Processing options of GeoSAM.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Replace a wrong file</source>
      <translation>Eine falsche Datei ersetzen</translation>
    </message>
    <message>
      <source>Report</source>
      <translation>Bericht</translation>
    </message>
    <message>
      <source>Report live cache</source>
      <translation>Live-Zwischenspeicher anzeigen</translation>
    </message>
    <message>
      <source>Resolution (metres)</source>
      <translation>Auflösung (Meter)</translation>
    </message>
    <message>
      <source>Resolution scale</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Resolutions to compare (metres)</source>
      <translation>Zu vergleichende Auflösungen (Meter)</translation>
    </message>
    <message>
      <source>Retries</source>
      <translation>Wiederholungen</translation>
    </message>
    <message>
      <source>Runs the image encoder of a Segment Anything model over a raster, patch by patch, and keeps the features in a folder. This is the slow part, and is done once: with the folder, Segment from prompts turns any number of points and boxes into polygons quickly.

Stopped or failed, a run with the same settings continues where it was. The folder can be moved, and Geo-SAM can open it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>SETTINGS ({}) cannot be read ({}): give a JSON file that exists</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>SETTINGS ({}) has no "inputs": give a file that Preview patches, Copy as JSON or Geo-SAM's Encoder Copilot wrote</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>SETTINGS ({}) is not JSON ({}): give a file of settings</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>SHA-256</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Seconds per patch</source>
      <translation>Sekunden je Ausschnitt</translation>
    </message>
    <message>
      <source>Seconds per patch of geosam_nano</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Seconds to encode a patch of the bundled model</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Segment a raster and clean up</source>
      <translation>Raster segmentieren und aufräumen</translation>
    </message>
    <message>
      <source>Segment an online map</source>
      <translation>Online-Karte segmentieren</translation>
    </message>
    <message>
      <source>Segment from prompts</source>
      <translation>Nach Vorgaben segmentieren</translation>
    </message>
    <message>
      <source>Segment live</source>
      <translation>Live segmentieren</translation>
    </message>
    <message>
      <source>Segmentation</source>
      <translation>Segmentierung</translation>
    </message>
    <message>
      <source>Segments</source>
      <translation>Segmente</translation>
    </message>
    <message>
      <source>Segments the prompts of an area straight on a tile layer or another raster layer, merges polygons that overlap or touch, and tells the number and areas of the objects. Only the patches around the prompts are fetched and encoded; they stay in the live cache for the next run.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Segments the same prompts in two rasters of one place, and tells for each object its area before and after, the change in square metres and in percent. An object that has no polygon on one of the dates has an area of 0 then; one that has none on both is left out.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Separated by commas, such as 0.5,1,2. None: that which is set above.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Separated by commas, such as 1024,512,256. None: that which is set above.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Settings (*.json)</source>
      <translation>Einstellungen (*.json)</translation>
    </message>
    <message>
      <source>Settings (*.json);;All files (*)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Settings file</source>
      <translation>Einstellungsdatei</translation>
    </message>
    <message>
      <source>Settings in effect</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Settings of the encoding</source>
      <translation>Einstellungen der Kodierung</translation>
    </message>
    <message>
      <source>Share of pixels without data (0 to 1)</source>
      <translation>Anteil der Pixel ohne Daten (0 bis 1)</translation>
    </message>
    <message>
      <source>Share of the objects to be whole in a patch (percent)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Shows what Encode raster would do with the same parameters, in seconds: the patches as polygons, how many they are, the disk space, memory and time they take, the range of values, and a picture of the raster as the model will see it.

With a layer of example objects it says how they lie in the patches, and recommends the finest resolution and the largest stride at which enough of them lie whole in a patch. Several resolutions and strides can be compared in a table. The settings can be saved as a file that Encode raster takes.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Simplify by (pixels)</source>
      <translation>Vereinfachen um (Pixel)</translation>
    </message>
    <message>
      <source>Size (bytes)</source>
      <translation>Größe (Bytes)</translation>
    </message>
    <message>
      <source>Size of a pixel at which the layer is looked at first; of a tile layer on the ground, to 2 percent. None: the layer's own; of a tile layer that of its finest zoom level.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Size of a pixel at which the layer is looked at. None: as fine as it is.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Size of the cache (megabytes)</source>
      <translation>Größe des Zwischenspeichers (Megabyte)</translation>
    </message>
    <message>
      <source>Size of the live cache (megabytes)</source>
      <translation>Größe des Live-Zwischenspeichers (Megabyte)</translation>
    </message>
    <message>
      <source>Smaller holes are filled. 0: none.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>So far from the edge of its patch an object has to be, because masks are worse at the edge.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Stride (pixels)</source>
      <translation>Schrittweite (Pixel)</translation>
    </message>
    <message>
      <source>Strides to compare (pixels)</source>
      <translation>Zu vergleichende Schrittweiten (Pixel)</translation>
    </message>
    <message>
      <source>Surroundings of the prompts (pixels)</source>
      <translation>Umgebung der Vorgaben (Pixel)</translation>
    </message>
    <message>
      <source>System</source>
      <translation>System</translation>
    </message>
    <message>
      <source>Take the model from this file instead of the network. It is checked in the same way, and copied.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Target CRS</source>
      <translation>Ziel-KBS</translation>
    </message>
    <message>
      <source>Target resolution (metres)</source>
      <translation>Zielauflösung (Meter)</translation>
    </message>
    <message>
      <source>Tells the objects apart; prompts with the same value are one object.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tells the versions of all that takes part, the device that models run on and why it is no GPU, which checkpoints are there and whole, how fast patches are encoded, and the settings in effect. Also without an engine, or with a broken one: then it says what is wrong.

The page is made to be attached to a bug report: your name and home folder are left out, and so are passwords and tokens.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tells where the features are that Segment live keeps, how many and how large they are, and how large they may become; then those that were not used for longest are removed.

The folder and the size of the cache are Processing options of GeoSAM.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The Processing option {} now leads to this engine</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The bands of the layer {} are of several or unusual types: save it as a GeoTIFF first</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The earlier image.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The engine in {} was removed</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The environment variable {} ({}) goes before this engine: unset it, or set it to {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The example objects, and how they lie in the patches before the recommendation.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The example objects, each with its best patch, how many patches contain it whole, its longer side in widths of a patch, and whether it is whole in a patch with the margin.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The extent ({}) has no area within the layer's ({}): give one that does</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The extent is empty or smaller than a pixel ({}): give a larger one</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The extent needs {} tiles of the layer {}, more than MAX_TILES ({}): take a smaller one, a coarser RESOLUTION or ZOOM, or raise MAX_TILES if the server's terms of use allow that</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The feature folder, for further prompts.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The feature folder.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The file with the model's weights; which model it holds is recognised, unless MODEL names another than the default. None: it is looked for where models are kept.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The folder for the features. One that an earlier run with the same settings began is completed; one with other settings is an error that says what differs.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The folder that Encode raster or Geo-SAM made: the one that holds manifest.parquet.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The folder that the engine was installed in. None: geosam/engine in the folder of the QGIS profile.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The folder {} does not exist: make it first</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The image that the objects are seen in.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The image to encode.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The later image.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The layer has no resolution of its own: give RESOLUTION (metres)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The layer {} cannot be opened: check its address and its login</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The layer {} gave no values ({}): check that it can be shown</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The layer {} has no CRS: set it in the layer's properties</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The layer {} has no zoom levels: give RESOLUTION instead of ZOOM</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The objects as they are after.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The objects as they are before.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The objects without overlaps, with their area in square metres, object_m2.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The objects, with the attributes of their prompts, score and area as segmented.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The objects, with the attributes of their prompts, score and area.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The output folder of Encode raster. Patches that are in it already are marked, and cost no time.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The part to encode. Give this or prompts.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The patches as encoded.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The polygons.</source>
      <translation>Die Polygone.</translation>
    </message>
    <message>
      <source>The prompts need at least {} tiles, more than MAX_TILES ({}): take fewer prompts, a coarser RESOLUTION or ZOOM, or raise MAX_TILES if the server's owner allows that</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The prompts that got no polygon, with the reason: outside every patch, empty geometry, a score below the minimum and so on. A box of the second layer is listed by its centre where the prompts are points.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The prompts that got no polygon, with the reason: outside the raster, empty geometry, a score below the minimum and so on. A box of the second layer is listed by its centre where the prompts are points.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The raster as the model will see it, after the choice of bands, range and resolution, with the patches over it and the objects in white.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The raster is warped into this CRS before it is encoded. None: its own.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The raster is warped to pixels of this size, on the ground also where the CRS is that of web maps. A raster in degrees is put into its UTM zone, unless a target CRS is given. None: its own resolution.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The recommendation may leave out the rest, such as a few that are very large.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The report as a page, to read in a browser and to attach to a bug report.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The rest, such as a few that are very large, may be cut.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The run was cancelled while tiles were fetched</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The settings {} cannot be written ({}): choose another file for SETTINGS_FILE</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The size of a pixel on the ground. Tiles of the next finer level are shrunk to it. Give this or a zoom level; for layers with pixels of their own, such as WCS, neither means these.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The tiles were fetched by an earlier run: {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The values that become black and white, for all bands and patches alike, such as 0,3000. None: 0 to 255 for images, else from the values in the extent, nodata left out.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The values that become black and white, for all bands and patches alike, such as 0,3000. None: 0,255 for bytes and tiles, else the smallest and largest value of the raster.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The values that become black and white, for all bands and patches alike, such as 0,3000. None: from the values in the extent, nodata left out.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The zoom level of a tile layer, instead of a resolution.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>There is no INPUT: give a raster layer, or SETTINGS with a file that names one</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>There is no file {}: give FILE a checkpoint, or nothing to download it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>There is no prompt that the model could be asked</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>There is no prompt: give PROMPTS (a layer), POINT or EXTENT (a box)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tile layer</source>
      <translation>Kachellayer</translation>
    </message>
    <message>
      <source>Tiles of this level are taken as they are, which is sharpest. Give this or a resolution.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Time that encoding takes (seconds)</source>
      <translation>Dauer der Kodierung (Sekunden)</translation>
    </message>
    <message>
      <source>To install without a network: a folder with all packages, filled by pip download on a computer of the same kind. None: they are downloaded.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Turns points and boxes into polygons, straight on a raster or an online tile layer, without encoding it first: only the patches around the prompts are read and encoded, and kept in a cache, so that the next prompts nearby are answered at once. Give a layer of prompts; or, for one object, a point on it, or a box around it.

An object that reaches the edge of its patch is done again on a patch around it, then on coarser ones, until it is whole. The polygons are in the CRS of the raster layer and carry the attributes of their prompt (of several: the first), then the model's score, the stability, the area, the numbers of points, the patch, the model, whether the polygon touches the edge of its patch, and the resolution that it was found at. A prompt without a polygon is listed with the reason.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Turns points and boxes into polygons, with the features that Encode raster made. Each prompt is one object: a point, several points that share an object id, a box, or points with a box.

The polygons are in the CRS of the features and carry the attributes of their prompt (of several: the first), then the model's score, the stability, the area, the numbers of points, the patch, the model, and whether the polygon touches the edge of its patch. A prompt without a polygon is listed with the reason.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Unanswered prompts</source>
      <translation>Unbeantwortete Vorgaben</translation>
    </message>
    <message>
      <source>Use the GPU if there is one</source>
      <translation>GPU benutzen, wenn es eine gibt</translation>
    </message>
    <message>
      <source>Value range (minimum, maximum)</source>
      <translation>Wertebereich (Minimum, Maximum)</translation>
    </message>
    <message>
      <source>Value range (minimum,maximum)</source>
      <translation>Wertebereich (Minimum,Maximum)</translation>
    </message>
    <message>
      <source>Version of GeoSAM</source>
      <translation>Version von GeoSAM</translation>
    </message>
    <message>
      <source>Version of PyTorch</source>
      <translation>Version von PyTorch</translation>
    </message>
    <message>
      <source>Version of Python</source>
      <translation>Version von Python</translation>
    </message>
    <message>
      <source>Version of QGIS</source>
      <translation>Version von QGIS</translation>
    </message>
    <message>
      <source>Version of the engine's GDAL</source>
      <translation>Version von GDAL in der Engine</translation>
    </message>
    <message>
      <source>Version of the engine's Python</source>
      <translation>Version von Python in der Engine</translation>
    </message>
    <message>
      <source>What becomes of missing tiles</source>
      <translation>Was aus fehlenden Kacheln wird</translation>
    </message>
    <message>
      <source>What is wrong; empty if all is well</source>
      <translation>Was nicht stimmt; leer, wenn alles gut ist</translation>
    </message>
    <message>
      <source>What named the engine before is gone</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Where the chosen build is found, such as a mirror, or https://download.pytorch.org/whl/cu126 for an older driver. None: PyTorch's own. All else comes from the index that pip is configured for (PIP_INDEX_URL).</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Where to look. None: the folder of GeoSAM's settings.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Where to put the file. None: the folder of GeoSAM's settings, where the other algorithms look for models.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Whether it was made anew (true or false)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Which NVIDIA GPU to use, where there are several; they count from 0.</source>
      <translation>Welche NVIDIA-GPU benutzt wird, wo es mehrere gibt; gezählt wird von 0.</translation>
    </message>
    <message>
      <source>Why no GPU is used</source>
      <translation>Warum keine GPU benutzt wird</translation>
    </message>
    <message>
      <source>Why no GPU is used; empty if one is</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Width of a patch (map units)</source>
      <translation>Breite eines Ausschnitts (Karteneinheiten)</translation>
    </message>
    <message>
      <source>Workflows</source>
      <translation>Abläufe</translation>
    </message>
    <message>
      <source>XYZ, WMTS, WMS, or any raster layer.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Zoom level</source>
      <translation>Zoomstufe</translation>
    </message>
    <message>
      <source>a number from {:g} on</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a number from {:g} to {:g}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a truncated image</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a whole number from {:g} on</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a whole number from {:g} to {:g}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>basemap</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>benchmark</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>boxes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>bug report</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>catalogue</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>checkpoint</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>choose MISSING=mask to leave them out, or run this again</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>click</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>copilot</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>cuda</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>deep learning</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>delete</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>diagnosis</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>disk space</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>embedding</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>encoder</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>environment</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>estimate</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>features</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>free</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>good, {:.0f} MB, {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>gpu</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>grid</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>import</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>install</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its provider does not say why</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>no answer in time</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>no connection</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>no image in the answer</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>none</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>nothing could be fetched; check its address, its login and the extent</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>offline</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>online</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>pip</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>points</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>polygons</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>round smooths, for ponds and crowns; square straightens edges and turns near-right angles into right ones, for buildings.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>sam</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>sam2</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>segment anything</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>set up</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>size</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the layer is transparent there</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server gives no tiles any more</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>tiles</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>torch</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>uninstall</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>unknown</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>verify</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>versions</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>wcs</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>weights</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>wms</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>wmts</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>xyz</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{:.1%} of the pixels have no data: {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{} ({}) cannot be opened: check that the file is there and a raster</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{} ({}) comes from the provider {} and is no file: take Encode tile layer (geosam:encodetilelayer), or save it as a GeoTIFF first (Export, Save As)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{} ({}) has no CRS: set it in the layer's properties first</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{} ({}) has no CRS: set it in the layer's properties, or in the file with gdal:assignprojection</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{} ({}) has no geometry: give a layer of points, lines or polygons</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{} ({}) has no zoom levels: give RESOLUTION instead of ZOOM</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{} ({}) is a raster that GDAL opens, not a tile layer: take Encode raster (geosam:encoderaster)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{} cannot be written ({}): choose another FOLDER, or make room</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{} cannot be written as a whole{}: make room there or give another</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{} files, {:.1f} of {} MB, in {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{} has no object, so nothing is recommended</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{} is there already, and is right</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{} of {} features of {} have no geometry, or none in the raster's CRS, and do not count</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{} tiles of the layer {} failed ({}): {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{} was changed or removed while it was needed: run this again</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{} x {} (such as {})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{}: {}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{}; {} of {} prompts answered</source>
      <translation type="unfinished" />
    </message>
  </context>
</TS>
